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
  if (view.loss === undefined) return waitingLine(view, palette);
  const total = view.totalSteps === undefined ? '' : `/${formatCount(view.totalSteps)}`;
  const left = secondsLeft(view, nowMs);
  const parts = [
    `step ${palette.strong(formatCount(view.step))}${total}`,
    `epoch ${view.epoch + 1}`,
    `loss ${palette.strong(formatLoss(view.loss))}`,
    formatMetrics(view.metrics),
    `${formatCount(view.examplesPerSecond)} examples/s`,
    plural(view.workers, 'worker'),
    left === undefined ? '' : palette.faint(`${formatSeconds(left)} left`),
  ];
  return parts.filter((part) => part !== '').join('  ');
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
