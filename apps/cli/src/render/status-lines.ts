import { formatCount, formatLoss, formatMetrics, plural } from 'paceline/programs';

import { tableLines } from './table-lines.ts';

/** What status.json says, as far as it is shown; a server of a later version may say more. */
export interface Status {
  readonly job: string;
  readonly phase: string;
  readonly step: number;
  readonly totalSteps: number | null;
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly workers: readonly {
    readonly name: string;
    readonly pid: number;
    readonly stage: string;
    readonly phase: string;
    readonly lease: string;
    readonly leafMs?: number | null;
  }[];
  readonly waits: readonly string[];
}

/** A run at one moment: a headline, the workers as a table, and whom it waits for. */
export function statusLines(status: Status): readonly string[] {
  const total = status.totalSteps === null ? '' : ` of ${formatCount(status.totalSteps)}`;
  const loss = status.loss === null ? '' : `, loss ${formatLoss(status.loss)}`;
  const metrics = formatMetrics(status.metrics);
  return [
    `${status.job}: ${status.phase}, step ${formatCount(status.step)}${total}${loss}${metrics === '' ? '' : `, ${metrics}`}`,
    plural(status.workers.length, 'worker'),
    ...tableLines(
      status.workers.map((worker) => [
        worker.name,
        `pid ${worker.pid}`,
        worker.stage,
        worker.phase,
        `microbatches ${worker.lease}`,
        speed(worker),
      ]),
    ),
    ...status.waits.map((wait) => `waits: ${wait}`),
  ];
}

/** Empty before the first measurement. */
function speed({ leafMs = null }: { readonly leafMs?: number | null }): string {
  return leafMs === null ? '' : `${leafMs.toFixed(1)} ms each`;
}
