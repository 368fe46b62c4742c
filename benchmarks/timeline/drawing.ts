import type { ThreadTimeline } from '@paceline/telemetry';

import type { Stretch } from './step.ts';

const width = 960;
const [labelWidth, rowHeight, barHeight, top, legendHeight] = [190, 34, 22, 12, 30];

/** Of middling lightness, so that they can be told apart on white and on black. */
const colours: Readonly<Record<string, string>> = {
  'write back': '#a7768f',
  forward: '#7ba3cf',
  backward: '#4e79a7',
  'read back': '#e8912d',
  'read ahead': '#9c9c9c',
  push: '#d4555a',
  pull: '#4aa3a0',
  sum: '#59a14f',
  'check-root': '#59a14f',
  update: '#b59a2b',
  publish: '#9a6fb0',
};

/** Rows of threads over time, workers around the server; what is not in `stretch` is cut off. Pure. */
export function drawTimeline(threads: readonly ThreadTimeline[], stretch: Stretch): string {
  const rows = [...threads].sort((a, b) => rankOf(a) - rankOf(b));
  const axisAt = top + rows.length * rowHeight;
  const height = axisAt + 34 + legendHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#808080">`,
    ...rows.map((row, i) => drawRow(row, { y: top + i * rowHeight, stretch })),
    drawAxis(stretch, axisAt),
    drawLegend(axisAt + 34),
    '</svg>\n',
  ].join('\n');
}

/** The first worker's compute thread on top, then its communication, the server, and the other workers mirrored. */
function rankOf({ process, thread }: ThreadTimeline): number {
  if (process === 'server') return 2;
  const isCompute = thread === 'compute';
  if (process === 'w1') return isCompute ? 0 : 1;
  return isCompute ? 4 : 3;
}

const x = (micros: number, { fromMicros, toMicros }: Stretch): number => {
  return labelWidth + ((micros - fromMicros) / (toMicros - fromMicros)) * (width - labelWidth - 10);
};

function drawRow(
  { process, thread, spans }: ThreadTimeline,
  { y, stretch }: { readonly y: number; readonly stretch: Stretch },
): string {
  const bars = spans.flatMap(([name, start, duration]) => {
    const from = Math.max(start, stretch.fromMicros);
    const to = Math.min(start + duration, stretch.toMicros);
    if (from >= to) return [];
    const [left, right] = [x(from, stretch), x(to, stretch)];
    const size = `width="${Math.max(0.5, right - left).toFixed(1)}" height="${barHeight}"`;
    const words = `<title>${name}, ${(duration / 1000).toFixed(2)} ms</title>`;
    const fill = colours[name] ?? '#808080';
    return `<rect x="${left.toFixed(1)}" y="${y}" ${size} fill="${fill}">${words}</rect>`;
  });
  const label = process === 'server' ? 'server' : `${process}, ${thread}`;
  return [`<text x="0" y="${y + 16}">${label}</text>`, ...bars].join('\n');
}

function drawAxis(stretch: Stretch, y: number): string {
  const ms = (stretch.toMicros - stretch.fromMicros) / 1000;
  const every = 10 ** Math.floor(Math.log10(ms));
  const tick = [every / 5, every / 2, every, 2 * every].find((each) => ms / each <= 10) ?? every;
  const marks = Array.from({ length: Math.floor(ms / tick) + 1 }, (_, i) => {
    const at = x(stretch.fromMicros + i * tick * 1000, stretch).toFixed(1);
    const line = `<line x1="${at}" y1="${top}" x2="${at}" y2="${y}" stroke="#808080" stroke-opacity="0.3"/>`;
    return `${line}<text x="${at}" y="${y + 14}" text-anchor="middle">${Number((i * tick).toFixed(3))}</text>`;
  });
  return [...marks, `<text x="0" y="${y + 14}">ms</text>`].join('\n');
}

function drawLegend(y: number): string {
  const names = Object.keys(colours).filter((name) => name !== 'check-root');
  const step = (width - 10) / names.length;
  const entries = names.map((name, i) => {
    const at = (i * step).toFixed(1);
    const box = `<rect x="${at}" y="${y}" width="12" height="12" fill="${colours[name] ?? ''}"/>`;
    return `${box}<text x="${(i * step + 17).toFixed(1)}" y="${y + 11}">${name}</text>`;
  });
  return entries.join('\n');
}
