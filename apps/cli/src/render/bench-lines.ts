import type {
  Figure,
  Goal,
  LatencyResult,
  ModelBenchmark,
  ModelResult,
  Row,
} from '@paceline/benchmark';
import { formatBytes, formatCount } from 'paceline/programs';

/** A model of the board for a reader: what everybody took, where a step's time goes, and how ours stands. */
export function modelLines(model: ModelBenchmark, result: ModelResult): readonly string[] {
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
    `  ms of a step: ${named(result.phases, (ms) => ms.toFixed(2))}; ${formatBytes(result.bytesPerStep)} of messages`,
    ...result.rows.map(rowLine),
  ];
}

/** What is measured in seconds from a command on. */
export function latencyLines({ name, rows }: LatencyResult): readonly string[] {
  return [`${name}:`, ...rows.map(rowLine)];
}

function named(
  values: Readonly<Record<string, number>>,
  format: (value: number) => string,
): string {
  return Object.entries(values)
    .map(([name, value]) => `${wordsOf(name)} ${format(value)}`)
    .join(', ');
}

/** `readBack`: read back. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function spreadOf(
  { lower, upper }: Figure,
  format: (value: number) => string = (value) => value.toFixed(2),
): string {
  return `${format(lower)} to ${format(upper)}`;
}

const comparisons = {
  ...{ speed: '>=', efficiency: '>=', time: '<=' },
  ...{ bytes: '<=', seconds: '<=' },
} as const;

function rowLine({ goal, figure, standing }: Row): string {
  const format = formatOf(goal);
  const sign = comparisons[goal.kind];
  return (
    `  ${subjectOf(goal)}: ${format(figure.median)} (${spreadOf(figure, format)}); ` +
    `must be ${sign} ${markOf(goal, goal.mustBe)}, aim ${sign} ${markOf(goal, goal.aim)}: ${standing}`
  );
}

function subjectOf(goal: Goal): string {
  return 'peer' in goal ? `${goal.kind} against ${goal.peer}` : goal.subject;
}

function formatOf({ kind }: Goal): (value: number) => string {
  if (kind === 'bytes') return formatBytes;
  return (value) => `${value.toFixed(2)}${kind === 'seconds' ? ' s' : ''}`;
}

/** As the board has it. */
function markOf({ kind }: Goal, mark: number): string {
  if (kind === 'bytes') return formatBytes(mark);
  return `${mark}${kind === 'seconds' ? ' s' : ''}`;
}
