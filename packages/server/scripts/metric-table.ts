import { serverMetrics } from '../src/report/metrics/all.ts';

/** The table of docs/metrics.md. */
export function metricTable(): string {
  const rows = serverMetrics.map(({ name, kind, labels, help }) => {
    const named = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${kind} | ${named} | ${help} |`;
  });
  return ['| metric | kind | labels | is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
