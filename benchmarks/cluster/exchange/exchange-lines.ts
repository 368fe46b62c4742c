import type { Block } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { mediansOf } from '../../../packages/benchmark/src/measure/medians.ts';
import { summarise } from '../../../packages/benchmark/src/measure/statistics.ts';
import type { Figure } from '../../../packages/benchmark/src/measure/statistics.ts';
import { markdownTable } from '../markdown-table.ts';
import { quartiles } from '../quartiles.ts';

/** One contestant's figures. */
export interface ExchangeRow {
  readonly name: string;
  readonly msPerStep: Figure;
  /** Medians, by process. */
  readonly cpuMsPerStep: Readonly<Record<string, number>>;
}

/** What came of all blocks: ours first. */
export interface ExchangeResult {
  readonly rows: readonly ExchangeRow[];
  /** Our time against the peer's, round by round; undefined without a peer. */
  readonly ratio: Figure | undefined;
}

/** Sums up the blocks of ours and, where there is one, of the peer. Pure. */
export function summariseExchange(blocks: ReadonlyMap<string, readonly Block[]>): ExchangeResult {
  const [ours = [], peer] = [...blocks.values()];
  const times = (all: readonly Block[]): readonly number[] => all.map((block) => block.msPerStep);
  return {
    rows: [...blocks].map(([name, all]) => ({
      name,
      msPerStep: summarise(times(all)),
      cpuMsPerStep: mediansOf(all, 'cpuMsPerStep'),
    })),
    ratio: peer && summarise(times(ours).map((ms, round) => ms / (peer[round]?.msPerStep ?? NaN))),
  };
}

/** The result as Markdown. */
export function exchangeLines({ rows, ratio }: ExchangeResult): readonly string[] {
  const table = markdownTable(
    ['contestant', 'ms a step', 'CPU ms a step, by process'],
    rows.map(({ name, msPerStep, cpuMsPerStep }) => [
      name,
      quartiles(msPerStep, 0),
      Object.entries(cpuMsPerStep)
        .map(([process, ms]) => `${process} ${ms.toFixed(0)}`)
        .join(', '),
    ]),
  );
  if (ratio === undefined) return table;
  return [...table, '', `time against the peer: ${quartiles(ratio, 2)}`];
}
