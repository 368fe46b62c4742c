import type { RunEvent } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import { createLogUpdate } from 'log-update';
import {
  emptyRunView,
  eventLine,
  nextRunView,
  progressBar,
  progressLine,
  summaryLines,
} from 'paceline/programs';
import type { RunView } from 'paceline/programs';

import { fitToWidth } from './fit.ts';
import { createPalette } from './palette.ts';

const redrawMs = 100;
const barCells = 20;

/** Shows a run on a terminal: lines that stay, and one that changes below them. */
export interface LiveOutput {
  show(event: RunEvent): void;
  /** A line that stays above the changing one. */
  keep(line: string): void;
  /** Takes the changing line away. */
  close(): void;
}

/** Creates the live view on a terminal; `close` it before anything else is written there. */
export function createLiveOutput(stream: NodeJS.WriteStream, clock: Clock): LiveOutput {
  const palette = createPalette(stream);
  const update = createLogUpdate(stream, { showCursor: true });
  let view = emptyRunView;
  let closed = false;
  let cancel: (() => void) | undefined;

  const draw = (): void => {
    cancel = undefined;
    if (!closed) update(liveLine(view, clock.now(), stream.columns || 80));
  };
  const keep = (line: string): void => {
    update.clear();
    stream.write(`${line}\n`);
    draw();
  };
  const liveLine = (current: RunView, nowMs: number, columns: number): string => {
    const bar = progressBar(current, columns > 110 ? barCells : 0);
    const line = progressLine(current, nowMs, palette);
    return fitToWidth(bar === '' ? line : `${palette.faint(bar)} ${line}`, columns - 1);
  };

  return {
    show: (event) => {
      view = nextRunView(view, event, clock.now());
      const line = eventLine(event, 'brief', palette);
      if (line !== undefined) keep(line);
      if (event.type === 'end') {
        update.clear();
        closed = true;
        for (const text of summaryLines(view, palette)) stream.write(`${text}\n`);
      }
      cancel ??= clock.setTimer(redrawMs, draw);
    },
    keep,
    close: () => {
      closed = true;
      cancel?.();
      update.clear();
      update.done();
    },
  };
}
