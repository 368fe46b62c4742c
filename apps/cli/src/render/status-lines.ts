import { formatCount, formatLoss, formatMetrics, plural } from 'paceline/programs';

/** What status.json says, as far as it is shown; a server of a later version may say more. */
export interface Status {
  readonly job: string;
  readonly phase: string;
  readonly step: number;
  readonly totalSteps: number | null;
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly examplesPerSecond?: number;
  readonly workers: readonly {
    readonly name: string;
    readonly pid: number;
    readonly stage: string;
    readonly phase: string;
    readonly lease: string;
    readonly examplesPerSecond?: number;
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
    `${plural(status.workers.length, 'worker')}${speed(status, ', ')}`,
    ...table(
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

/** Empty where the server does not measure it. */
function speed(of: { readonly examplesPerSecond?: number }, before = ''): string {
  const { examplesPerSecond } = of;
  return examplesPerSecond === undefined
    ? ''
    : `${before}${formatCount(examplesPerSecond)} examples/s`;
}

/** Rows with aligned columns, indented. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
}
