import type { EndRule } from '@paceline/protocol';

import { plainPalette } from './progress-line.ts';
import type { Palette } from './progress-line.ts';
import type { RunView } from './run-view.ts';
import { formatCount, formatLoss, formatMetrics, formatSeconds, plural } from './words.ts';

/** The last words of a run: result, where the model is, its hash. Empty when there was no end. */
export function summaryLines(view: RunView, palette: Palette = plainPalette): readonly string[] {
  const { end } = view;
  if (end === undefined) return [];
  const rows: (readonly [string, string])[] = [];
  const found = testWords(view, end);
  if (found !== '') rows.push(['test', palette.good(found)]);
  const why = reasonOf(end);
  if (why !== undefined) rows.push(['ended', why]);
  if (end.steps > 0) rows.push(['train', `loss ${formatLoss(end.loss)}`]);
  if (end.steps > 0) rows.push(['speed', `${formatCount(end.examplesPerSecond)} examples/s`]);
  if (end.model !== undefined) rows.push(['model', end.model]);
  if (end.weightsSha256 !== undefined) rows.push(['weights', `sha256 ${end.weightsSha256}`]);
  return [headline(end, palette), ...rows.map(([name, text]) => `  ${name.padEnd(7)}  ${text}`)];
}

/** What was found of the saved weights: of the last ones, or of the best. */
function testWords({ evaluations }: RunView, { bestStep }: NonNullable<RunView['end']>): string {
  const found = evaluations.findLast(({ step }) => step === (bestStep ?? step));
  if (found === undefined) return '';
  const metrics = formatMetrics(found.metrics);
  return [...(metrics === '' ? [] : [metrics]), `loss ${formatLoss(found.loss)}`].join(', ');
}

const rules: Readonly<Partial<Record<EndRule, string>>> = {
  seconds: 'as its time was over',
  target: 'as it reached its target',
  converged: 'as it had converged',
  earlyStopping: 'early, as nothing became better any more',
};

/** Why a run ended before its last step, and whose weights it gives then. */
function reasonOf({ endedBy, bestStep }: NonNullable<RunView['end']>): string | undefined {
  const rule = endedBy === undefined ? undefined : rules[endedBy];
  const best =
    bestStep === undefined ? undefined : `the weights are those of step ${formatCount(bestStep)}`;
  const words = [rule, best].filter((each) => each !== undefined);
  return words.length === 0 ? undefined : words.join('; ');
}

function headline(end: NonNullable<RunView['end']>, palette: Palette): string {
  const steps = `${plural(end.steps, 'step')} in ${formatSeconds(end.wallSeconds)}`;
  if (end.status === 'finished') return palette.strong(palette.good(`Finished ${steps}`));
  if (end.status === 'interrupted') return palette.strong(`Interrupted after ${steps}`);
  return palette.strong(palette.bad(`Failed after ${steps}`));
}
