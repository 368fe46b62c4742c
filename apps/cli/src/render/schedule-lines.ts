import { formatCount } from 'paceline/programs';
import type { LearningRates } from 'paceline/programs';
import { plot } from 'simple-ascii-chart';

const height = 12;
/** What stands left of the curve. */
const axisWidth = 14;

/** The curve of the learning rates, `columns` characters wide, and a line that says what it is. */
export function scheduleLines(
  { type, totalSteps, stepsPerEpoch, steps, rates }: LearningRates,
  columns: number,
): readonly string[] {
  const points = steps.map((step, i): [number, number] => [step, rates[i] ?? 0]);
  const last = totalSteps - 1;
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * last));
  const picture = plot(points, {
    width: Math.max(20, columns - axisWidth),
    height,
    customXAxisTicks: [...new Set(marks)],
    formatter: (value, { axis }) => (axis === 'x' ? value : Number(value.toPrecision(3))),
  });
  const epochs = stepsPerEpoch === undefined ? '' : `, ${formatCount(stepsPerEpoch)} an epoch`;
  const [first, end] = [rates[0] ?? 0, rates.at(-1) ?? 0];
  const highest = rates.reduce((most, rate) => Math.max(most, rate), 0);
  const words = [first, highest, end].map((rate) => String(Number(rate.toPrecision(4))));
  return [
    `${type}: ${words[0] ?? ''} at first, ${words[1] ?? ''} at most, ${words[2] ?? ''} at the end`,
    `${formatCount(totalSteps)} steps${epochs}`,
    ...picture.split('\n').map((line) => line.trimEnd()),
  ].filter((line) => line !== '');
}
