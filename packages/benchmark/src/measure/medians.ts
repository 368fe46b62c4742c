import type { Block } from '../contestants/contestant.ts';
import { summarise } from './statistics.ts';

/** The median over blocks of a figure that each has by process. Pure. */
export function mediansOf(
  blocks: readonly Block[],
  of: 'cpuMsPerStep' | 'peakBytes',
): Readonly<Record<string, number>> {
  const processes = Object.keys(blocks.at(-1)?.[of] ?? {});
  const medianOf = (process: string): number => {
    return summarise(blocks.map((block) => block[of][process] ?? 0)).median;
  };
  return Object.fromEntries(processes.map((process) => [process, medianOf(process)]));
}
