import { secondsLeft } from './run-view.ts';
import type { RunView } from './run-view.ts';
import { formatCount, formatLoss, formatMetrics, formatSeconds, plural } from './words.ts';

/** Puts colour around a text; the identity where there is none. */
export interface Palette {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/** No colours: for pipes, and under NO_COLOR. */
export const plainPalette: Palette = {
  strong: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  bad: (text) => text,
};

/** `step 120/1,407  epoch 1  loss 0.3101  accuracy 91.02 %  12,345 examples/s  2 workers  15 s left`. */
export function progressLine(
  view: RunView,
  nowMs: number,
  palette: Palette = plainPalette,
): string {
  const halt = haltWords(view);
  if (halt !== undefined) return `${stepWords(view, palette)}  ${palette.strong(halt)}`;
  if (view.loss === undefined) return waitingLine(view, palette);
  const left = secondsLeft(view, nowMs);
  const parts = [
    stepWords(view, palette),
    `epoch ${view.epoch + 1}`,
    `loss ${palette.strong(formatLoss(view.loss))}`,
    formatMetrics(view.metrics),
    `${formatCount(view.examplesPerSecond)} examples/s`,
    plural(view.workers, 'worker'),
    left === undefined ? '' : palette.faint(`${formatSeconds(left)} left`),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function stepWords({ step, totalSteps }: RunView, palette: Palette): string {
  const total = totalSteps === undefined ? '' : `/${formatCount(totalSteps)}`;
  return `step ${palette.strong(formatCount(step))}${total}`;
}

/** Why nothing goes on, once training has begun. */
function haltWords({ start, halt, loss, workers }: RunView): string | undefined {
  if (start === undefined) return undefined;
  if (halt === 'server down') return 'the server is being started again';
  if (halt === 'hold') return 'holding until `paceline resume URL`';
  return loss !== undefined && workers === 0 ? 'no workers: waiting for one to come' : undefined;
}

function waitingLine(view: RunView, palette: Palette): string {
  const words =
    view.start === undefined
      ? `starting: ${plural(view.workers, 'worker')} there`
      : 'first step under way';
  return palette.faint(words);
}

/** `[#######...........]`, `width` cells inside the brackets; empty while the end is not known. */
export function progressBar(view: RunView, width: number): string {
  if (view.totalSteps === undefined || width < 1) return '';
  const done = Math.min(1, view.step / Math.max(1, view.totalSteps));
  const cells = Math.floor(done * width);
  return `[${'#'.repeat(cells)}${'.'.repeat(width - cells)}]`;
}
