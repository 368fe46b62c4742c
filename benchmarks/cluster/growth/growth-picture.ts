import type { GrowthRow } from './growth-rows.ts';

const width = 480;
const height = 240;
const plot = { left: 48, right: 464, top: 24, bottom: 200 };
/** The board: no more than this away from the fewest workers. */
const share = 0.2;

/** Colours of either theme; the picture stands in a page as an image, which sees only what the reader prefers. */
const style = `
    text { font: 12px sans-serif; fill: #1f2328; }
    .axis, .bar { stroke: #1f2328; }
    .band { fill: #0969da; opacity: 0.15; }
    .point { fill: #0969da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .axis, .bar { stroke: #e6edf3; }
      .band, .point { fill: #58a6ff; }
    }`;

/**
 * Draws the server's time for a byte over the number of workers: medians with quartiles, and the band in which the board
 * wants them. An SVG; the axis begins at zero. Pure.
 */
export function drawGrowth(rows: readonly GrowthRow[]): string {
  const base = rows[0]?.nsPerByte.median ?? 0;
  const most = Math.max(base * (1 + share), ...rows.map(({ nsPerByte }) => nsPerByte.upper));
  const ticks = ticksUpTo(most);
  const top = ticks.at(-1) ?? 1;
  const y = (ns: number): number => plot.bottom - (ns / top) * (plot.bottom - plot.top);
  const x = (place: number): number => {
    return plot.left + ((place + 0.5) * (plot.right - plot.left)) / rows.length;
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    '  <title>Server CPU in nanoseconds for each byte received, by number of workers</title>',
    `  <style>${style}\n  </style>`,
    `  ${band(y(base * (1 + share)), y(base * (1 - share)))}`,
    ...ticks.map((ns) => `  ${label(plot.left - 8, y(ns) + 4, { text: String(ns), at: 'end' })}`),
    `  <path class="axis" d="M${plot.left} ${plot.top}V${plot.bottom}H${plot.right}" fill="none"/>`,
    ...rows.flatMap(({ workers, nsPerByte: { median, lower, upper } }, place) => [
      `  <path class="bar" d="M${round(x(place))} ${round(y(lower))}V${round(y(upper))}"/>`,
      `  <circle class="point" cx="${round(x(place))}" cy="${round(y(median))}" r="4"/>`,
      `  ${label(x(place), plot.bottom + 18, { text: String(workers), at: 'middle' })}`,
    ]),
    `  ${label(plot.left, 14, { text: 'ns of server CPU a byte received', at: 'start' })}`,
    `  ${label(plot.right, height - 6, { text: 'workers', at: 'end' })}`,
    '</svg>\n',
  ].join('\n');
}

/** Round numbers from zero to the first that is not below `most`: halves, or what leaves at most six of them. */
function ticksUpTo(most: number): readonly number[] {
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100].find((each) => most / each <= 5) ?? most;
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

function band(top: number, bottom: number): string {
  const size = `width="${plot.right - plot.left}" height="${round(bottom - top)}"`;
  return `<rect class="band" x="${plot.left}" y="${round(top)}" ${size}/>`;
}

function label(x: number, y: number, o: { readonly text: string; readonly at: string }): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${o.at}">${o.text}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
