import { runCampaign, runInProcesses } from './campaign.ts';
import { describeFault } from './faults/fault.ts';
import { drawSchedule } from './faults/schedule.ts';
import { runSchedule } from './run.ts';
import { shrinkSchedule } from './shrink.ts';
import type { Failure } from './tally.ts';
import { describeTally } from './tally.ts';

/** What was asked for. */
export interface CliOptions {
  readonly seed: number;
  readonly first: number;
  readonly schedules: number;
  readonly jobs: number;
  readonly untilFailure: boolean;
  readonly json: boolean;
}

const command = 'node --conditions=paceline-source test/simulation/main.ts';
/** Of more failures only the numbers are told. */
const mostShown = 3;

/** Runs a campaign; the lines for the terminal, and whether all promises were kept. */
export async function campaign(o: CliOptions): Promise<{ text: string; isGood: boolean }> {
  const startMs = performance.now();
  const tally = o.jobs > 1 ? await runInProcesses(o, o.jobs) : await runCampaign(o);
  const isGood = tally.failures.length === 0;
  if (o.json) return { text: JSON.stringify(tally), isGood };
  const lines = [describeTally(tally, performance.now() - startMs)];
  for (const failure of tally.failures.slice(0, mostShown)) {
    lines.push(await explain(o.seed, failure));
  }
  const more = tally.failures.slice(mostShown).map(({ number }) => String(number));
  if (more.length > 0) lines.push(`and schedules ${more.join(', ')}`);
  return { text: lines.join('\n'), isGood };
}

/** Runs one schedule again, with everything that happens in it where `trace` is set. */
export async function replay(
  o: { readonly seed: number; readonly number: number; readonly trace: boolean },
  write: (line: string) => void,
): Promise<boolean> {
  const schedule = drawSchedule(o.seed, o.number);
  write(`world: ${JSON.stringify(schedule.world)}`);
  for (const fault of schedule.faults) write(`fault: ${describeFault(fault)}`);
  const { violation, trace } = await runSchedule(schedule, o.trace ? { onLine: write } : {});
  write(`trace ${trace}`);
  if (violation === undefined) return true;
  write(await explain(o.seed, { number: o.number, violation }));
  return false;
}

async function explain(seed: number, { number, violation }: Failure): Promise<string> {
  const whole = drawSchedule(seed, number);
  const { faults } = await shrinkSchedule(whole);
  const of = `${String(faults.length)} of ${String(whole.faults.length)} faults are enough`;
  return [
    `schedule ${String(number)} broke "${violation.invariant}": ${violation.message}`,
    `  again: ${command} --seed ${String(seed)} --schedule ${String(number)} --trace`,
    `  ${of}:`,
    ...faults.map((fault) => `    ${describeFault(fault)}`),
  ].join('\n');
}
