import { markdownTable } from '../markdown-table.ts';
import { quartiles } from '../quartiles.ts';
import type { GrowthRow } from './growth-rows.ts';

const head = [
  'workers',
  'steps/s',
  'server CPU, ms a step',
  'MB in, out a step',
  'ns a byte received',
  'against the fewest',
  'waits to be sent, MB',
  'waits to be read, MB',
  'peak, MB',
];

/** The rows as a table of Markdown. */
export function growthTable(rows: readonly GrowthRow[]): readonly string[] {
  return markdownTable(
    head,
    rows.map((row) => [
      String(row.workers),
      row.stepsPerSecond.median.toFixed(2),
      row.cpuMsPerStep.median.toFixed(1),
      `${megabytes(row.receivedBytesPerStep)}, ${megabytes(row.sentBytesPerStep)}`,
      quartiles(row.nsPerByte, 2),
      quartiles(row.growth, 2),
      megabytes(row.longestQueueBytes),
      row.longestUnreadBytes === undefined ? '-' : megabytes(row.longestUnreadBytes),
      (row.peakBytes / 1e6).toFixed(0),
    ]),
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
