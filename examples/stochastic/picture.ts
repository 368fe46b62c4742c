/** The loss of a step, and how many examples all steps had seen by its end. */
export interface Point {
  readonly examples: number;
  readonly loss: number;
}

const width = 560;
const height = 300;
const plot = { left: 44, right: 516, top: 28, bottom: 256 };
/** Powers of ten at the ends of the axes. */
const axes = { examples: { from: 0, to: 5 }, loss: { from: -2, to: 2 } };

/** Colours of either theme; the picture stands in a page as an image, which sees only what the reader prefers. */
const style = `
    text { font: 12px sans-serif; fill: #1f2328; }
    .axis { stroke: #1f2328; }
    .stochastic { stroke: #0969da; fill: none; }
    .full { stroke: #bc4c00; fill: none; stroke-width: 2; }
    text.stochastic { fill: #0969da; stroke: none; }
    text.full { fill: #bc4c00; stroke: none; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .axis { stroke: #e6edf3; }
      .stochastic { stroke: #58a6ff; }
      .full { stroke: #f0883e; }
      text.stochastic { fill: #58a6ff; }
      text.full { fill: #f0883e; }
    }`;

/** Both curves, on logarithmic axes, as an SVG. Pure. */
export function drawCurves(curves: {
  readonly stochastic: readonly Point[];
  readonly full: readonly Point[];
}): string {
  const { left, right, top, bottom } = plot;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    '  <title>Loss of a step over the examples seen: stochastic gradient descent, and gradient descent</title>',
    `  <style>${style}\n  </style>`,
    `  <path class="axis" d="M${left} ${top}V${bottom}H${right}" fill="none"/>`,
    ...powers(axes.loss).map(
      (n) => `  ${text(left - 6, y(10 ** n) + 4, { text: String(10 ** n), at: 'end' })}`,
    ),
    ...powers(axes.examples).map((n) => {
      return `  ${text(x(10 ** n), bottom + 18, { text: (10 ** n).toLocaleString('en'), at: 'middle' })}`;
    }),
    `  ${text(left, 14, { text: 'loss of a step', at: 'start' })}`,
    `  ${text(right, height - 6, { text: 'examples seen', at: 'end' })}`,
    `  ${text(x(6), y(0.3), { text: 'batches of 4', at: 'start', of: 'stochastic' })}`,
    `  ${text(x(4500), y(2), { text: 'all 256 at once', at: 'start', of: 'full' })}`,
    `  <path class="stochastic" d="${lineOf(curves.stochastic)}"/>`,
    `  <path class="full" d="${lineOf(curves.full)}"/>`,
    '</svg>\n',
  ].join('\n');
}

/** A line through the points; of several on the same pixel of the axis the first. */
function lineOf(points: readonly Point[]): string {
  const seen = new Set<number>();
  const shown = points.filter(({ examples }) => {
    const pixel = Math.round(x(examples));
    if (seen.has(pixel)) return false;
    seen.add(pixel);
    return true;
  });
  return `M${shown.map(({ examples, loss }) => `${round(x(examples))} ${round(y(loss))}`).join('L')}`;
}

function x(examples: number): number {
  return plot.left + shareOf(examples, axes.examples) * (plot.right - plot.left);
}

function y(loss: number): number {
  return plot.bottom - shareOf(loss, axes.loss) * (plot.bottom - plot.top);
}

interface Ends {
  readonly from: number;
  readonly to: number;
}

/** Where a number is between the powers of ten at the ends of an axis; below the lower one it is at that end. */
function shareOf(value: number, { from, to }: Ends): number {
  return Math.max(0, (Math.log10(value) - from) / (to - from));
}

function powers({ from, to }: Ends): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

interface Label {
  readonly text: string;
  readonly at: 'start' | 'middle' | 'end';
  readonly of?: 'stochastic' | 'full';
}

function text(left: number, base: number, { text: words, at, of }: Label): string {
  const colour = of === undefined ? '' : ` class="${of}"`;
  return `<text${colour} x="${round(left)}" y="${round(base)}" text-anchor="${at}">${words}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
