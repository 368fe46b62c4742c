import { basename } from 'node:path';

import { formatBytes, formatCount, plainPalette } from 'paceline/programs';
import type { CheckpointContent, CheckpointReport, Inspection, Palette } from 'paceline/programs';

import { tableLines } from './table-lines.ts';

/** `valid    PATH`, or `damaged  PATH: what is wrong with it`. */
export function verdictLine(report: CheckpointReport, palette: Palette = plainPalette): string {
  return report.isValid
    ? `${palette.good('valid')}    ${report.path}`
    : `${palette.bad('damaged')}  ${report.path}: ${report.reason}`;
}

/** All checkpoints as a table, then what is in the newest that is whole. */
export function inspectionLines({ checkpoints, newest }: Inspection): readonly string[] {
  return [
    'checkpoints',
    ...tableLines(checkpoints.map(reportRow)),
    ...(newest === undefined ? [] : contentLines(newest)),
  ];
}

function reportRow(report: CheckpointReport): readonly string[] {
  const name = basename(report.path);
  if (!report.isValid) return [name, `damaged: ${report.reason}`];
  const { createdAtMs, bytes, jobHash } = report;
  return [name, timeText(createdAtMs), formatBytes(bytes), 'valid', `job ${jobHash.slice(0, 12)}`];
}

function contentLines({
  path,
  facts,
  tensors,
  slots,
  sections,
}: CheckpointContent): readonly string[] {
  const values = tensors.reduce((sum, { bytes }) => sum + bytes / 4, 0);
  return [
    path,
    ...tableLines([
      ['step', formatCount(facts.step)],
      ['written', timeText(facts.createdAtMs)],
      ['run', `${facts.run}, term ${facts.term}`],
      ['job', `${facts.settings.name}, seed ${facts.seed}, ${facts.jobHash}`],
      ['layout', facts.layoutHash],
      ['backend', `${facts.fingerprint} (${facts.level})`],
    ]),
    `tensors: ${formatCount(tensors.length)}, with ${formatCount(values)} values`,
    ...tableLines(
      tensors.map(({ name, section, shape, bytes }) => {
        return [name, section, `[${shape.join(', ')}]`, formatBytes(bytes)];
      }),
    ),
    'optimizer slots',
    ...linesOrNone(Object.entries(slots).map(([slot, bytes]) => [slot, formatBytes(bytes)])),
    'sections',
    ...linesOrNone(Object.entries(sections).map(([name, json]) => [name, JSON.stringify(json)])),
  ];
}

function linesOrNone(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? ['  none'] : tableLines(rows);
}

/** `2026-08-30 17:45:03 UTC`. */
function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
