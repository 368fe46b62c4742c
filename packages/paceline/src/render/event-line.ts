import type { RunEvent } from '@paceline/protocol';

import { plainPalette } from './progress-line.ts';
import type { Palette } from './progress-line.ts';
import { formatCount, formatLoss, formatMetrics, plural } from './words.ts';

/** `brief`: what the person who started a local run wants to read. `full`: also who came, went and where. */
export type Detail = 'brief' | 'full';

/** One event as a line to keep; `undefined` for what the progress line or the summary tells. */
export function eventLine(
  event: RunEvent,
  detail: Detail,
  palette: Palette = plainPalette,
): string | undefined {
  switch (event.type) {
    case 'start':
      return startLine(event, palette);
    case 'evaluation': {
      const metrics = formatMetrics(event.metrics);
      const words = `test loss ${formatLoss(event.loss)}${metrics === '' ? '' : `, ${metrics}`}`;
      return `step ${formatCount(event.step)}: ${palette.good(words)}`;
    }
    case 'hold':
      return palette.strong(
        `holding after step ${formatCount(event.step)} until \`paceline ${event.until} URL\``,
      );
    case 'scale':
      return `the run is to have ${plural(event.workers, 'worker')}`;
    case 'worker':
      return detail === 'full' || isNews(event.event) ? workerLine(event, palette) : undefined;
    case 'server':
      return detail === 'full' || event.event === 'crashed' || event.event === 'restarted'
        ? serverLine(event, palette)
        : undefined;
    case 'checkpoint':
      return detail === 'full' ? `checkpoint of step ${event.step}: ${event.path}` : undefined;
    case 'notice':
      return `note: ${event.detail}`;
    case 'fault':
      return palette.bad(`${event.kind}: ${event.detail}`);
    default:
      return undefined;
  }
}

function startLine(event: Extract<RunEvent, { type: 'start' }>, palette: Palette): string {
  const parts = [
    ...(event.resumedAt === undefined
      ? []
      : [`goes on after step ${formatCount(event.resumedAt)}`]),
    `${formatCount(event.parameters)} parameters`,
    `${event.microbatches} microbatches a step`,
    `backend ${event.backend}`,
    event.reproducibility === 'none'
      ? 'not reproducible to the bit'
      : `reproducible to the bit (${event.reproducibility})`,
  ];
  return `${palette.strong(event.job)}: ${parts.join(', ')}`;
}

function isNews(what: string): boolean {
  return what !== 'joined' && what !== 'left';
}

function workerLine(event: Extract<RunEvent, { type: 'worker' }>, palette: Palette): string {
  const reason = event.reason === undefined ? '' : `: ${event.reason}`;
  const line = `worker ${event.worker} ${event.event} (pid ${event.pid})${reason}`;
  return event.event === 'suspected' || event.event === 'quarantined' ? palette.bad(line) : line;
}

function serverLine(event: Extract<RunEvent, { type: 'server' }>, palette: Palette): string {
  const where = event.url === undefined ? '' : ` at ${event.url}`;
  const reason = event.reason === undefined ? '' : `: ${event.reason}`;
  const line = `server ${event.event}${where}${reason}`;
  return event.event === 'crashed' ? palette.bad(line) : line;
}
