import { plainPalette } from './progress-line.ts';
import type { Palette } from './progress-line.ts';
import type { RunView } from './run-view.ts';
import { formatCount, formatLoss, formatMetrics, formatSeconds, plural } from './words.ts';

/** The last words of a run: result, where the model is, its hash. Empty when there was no end. */
export function summaryLines(view: RunView, palette: Palette = plainPalette): readonly string[] {
  const { end } = view;
  if (end === undefined) return [];
  const rows: (readonly [string, string])[] = [];
  if (view.evaluation !== undefined) {
    const metrics = formatMetrics(view.evaluation.metrics);
    const loss = `loss ${formatLoss(view.evaluation.loss)}`;
    rows.push(['test', palette.good(metrics === '' ? loss : `${metrics}, ${loss}`)]);
  }
  rows.push(['train', `loss ${formatLoss(end.loss)}`]);
  rows.push(['speed', `${formatCount(end.examplesPerSecond)} examples/s`]);
  if (end.model !== undefined) rows.push(['model', end.model]);
  if (end.weightsSha256 !== undefined) rows.push(['weights', `sha256 ${end.weightsSha256}`]);
  return [headline(end, palette), ...rows.map(([name, text]) => `  ${name.padEnd(7)}  ${text}`)];
}

function headline(end: NonNullable<RunView['end']>, palette: Palette): string {
  const steps = `${plural(end.steps, 'step')} in ${formatSeconds(end.wallSeconds)}`;
  if (end.status === 'finished') return palette.strong(palette.good(`Finished ${steps}`));
  if (end.status === 'interrupted') return palette.strong(`Interrupted after ${steps}`);
  return palette.strong(palette.bad(`Failed after ${steps}`));
}
