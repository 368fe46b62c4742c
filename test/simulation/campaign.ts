import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { drawSchedule } from './faults/schedule.ts';
import { runSchedule } from './run.ts';
import type { Tally } from './tally.ts';
import { addTallies, emptyTally, tallyOf } from './tally.ts';

/** Many schedules of a seed: those with the numbers first, first + 1, ... */
export interface Campaign {
  readonly seed: number;
  readonly first: number;
  readonly schedules: number;
  /** Stop at the first one that breaks a promise. */
  readonly untilFailure: boolean;
}

/** Runs them one after the other, in this process. */
export async function runCampaign(campaign: Campaign): Promise<Tally> {
  let tally = emptyTally;
  for (let i = 0; i < campaign.schedules; i += 1) {
    const verdict = await runSchedule(drawSchedule(campaign.seed, campaign.first + i));
    tally = addTallies(tally, tallyOf(verdict));
    if (campaign.untilFailure && verdict.violation !== undefined) break;
  }
  return tally;
}

/** Deals them out to `jobs` processes. */
export async function runInProcesses(campaign: Campaign, jobs: number): Promise<Tally> {
  const cut = (job: number): number => Math.floor((job * campaign.schedules) / jobs);
  const parts = Array.from({ length: jobs }, (_, job) =>
    runInProcess([
      ...['--seed', String(campaign.seed), '--first', String(campaign.first + cut(job))],
      ...['--schedules', String(cut(job + 1) - cut(job)), '--json'],
    ]),
  );
  return (await Promise.all(parts)).reduce(addTallies, emptyTally);
}

/** The tally of a process of its own; `words` are arguments of `main.ts`. */
export function runInProcess(words: readonly string[]): Promise<Tally> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=paceline-source', main, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (output !== '') resolve(JSON.parse(output) as Tally);
      else reject(new Error(`a simulator ended with ${String(code)} and said nothing`));
    });
  });
}
