import type { Figure, ModelBenchmark, ModelResult, Row } from '@paceline/benchmark';
import { formatBytes, formatCount } from 'paceline/programs';

/** A model of the board for a reader: what everybody took, and how ours stands. */
export function benchLines(model: ModelBenchmark, result: ModelResult): readonly string[] {
  return [
    `${model.name}: ${model.title}`,
    ...result.contestants.map(({ name, msPerStep, examplesPerSecond, cpuMsPerStep, peakBytes }) => {
      const cpu = named(cpuMsPerStep, (ms) => ms.toFixed(1));
      return [
        `  ${name.padEnd(18)} ${msPerStep.median.toFixed(2)} ms a step (${spreadOf(msPerStep)}), `,
        `${formatCount(examplesPerSecond)} examples/s; CPU ms a step: ${cpu}; peak: ${named(peakBytes, formatBytes)}`,
      ].join('');
    }),
    ...result.absent.map(({ name, absent }) => `  ${name.padEnd(18)} not measured: ${absent}`),
    ...result.rows.map(rowLine),
  ];
}

function named(
  values: Readonly<Record<string, number>>,
  format: (value: number) => string,
): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${format(value)}`)
    .join(', ');
}

function spreadOf({ lower, upper }: Figure): string {
  return `${lower.toFixed(2)} to ${upper.toFixed(2)}`;
}

const comparisons = { speed: '>=', efficiency: '>=', time: '<=' } as const;

function rowLine({ goal, ratio, standing }: Row): string {
  const sign = comparisons[goal.kind];
  return (
    `  ${goal.kind} against ${goal.peer}: ${ratio.median.toFixed(2)} (${spreadOf(ratio)}); ` +
    `must be ${sign} ${goal.mustBe}, aim ${sign} ${goal.aim}: ${standing}`
  );
}
