import { summarise } from '../../../packages/benchmark/src/measure/statistics.ts';
import type { Figure } from '../../../packages/benchmark/src/measure/statistics.ts';
import type { GrowthBlock } from './growth-contestant.ts';

/** The figures of one number of workers. Those of a step are medians over the blocks. */
export interface GrowthRow {
  readonly workers: number;
  readonly stepsPerSecond: Figure;
  readonly cpuMsPerStep: Figure;
  readonly receivedBytesPerStep: number;
  /** Of partial sums alone. */
  readonly receivedSumBytesPerStep: number;
  readonly sentBytesPerStep: number;
  /** Server CPU of a step for each byte received. */
  readonly nsPerByte: Figure;
  /** The same against the fewest workers, block by block. */
  readonly growth: Figure;
  readonly longestQueueBytes: number;
  readonly longestUnreadBytes: number | undefined;
  readonly peakBytes: number;
}

/** What the blocks of each number of workers come to; the first is what the others are held against. Pure. */
export function growthRows(
  sizes: readonly { readonly workers: number; readonly blocks: readonly GrowthBlock[] }[],
): readonly GrowthRow[] {
  const yardstick = sizes[0]?.blocks.map(nsPerByteOf) ?? [];
  return sizes.map(({ workers, blocks }) => {
    const over = (of: (block: GrowthBlock) => number): Figure => summarise(blocks.map(of));
    const unread = blocks.flatMap((block) => block.longestUnreadBytes ?? []);
    return {
      workers,
      stepsPerSecond: over(({ steps, seconds }) => steps / seconds),
      cpuMsPerStep: over(({ cpuMs, steps }) => cpuMs / steps),
      receivedBytesPerStep: over(({ receivedBytes, steps }) => receivedBytes / steps).median,
      receivedSumBytesPerStep: over(({ receivedSumBytes, steps }) => receivedSumBytes / steps)
        .median,
      sentBytesPerStep: over(({ sentBytes, steps }) => sentBytes / steps).median,
      nsPerByte: over(nsPerByteOf),
      growth: summarise(blocks.map((block, i) => nsPerByteOf(block) / (yardstick[i] ?? NaN))),
      longestQueueBytes: Math.max(...blocks.map(({ longestQueueBytes }) => longestQueueBytes)),
      longestUnreadBytes: unread.length === 0 ? undefined : Math.max(...unread),
      peakBytes: Math.max(...blocks.map(({ residentPeakBytes }) => residentPeakBytes)),
    };
  });
}

function nsPerByteOf({ cpuMs, receivedBytes }: GrowthBlock): number {
  return (cpuMs * 1e6) / receivedBytes;
}
