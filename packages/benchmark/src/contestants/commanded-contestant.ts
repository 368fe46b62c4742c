import { resetPeaks, usageBetween, usageOfAll } from '../measure/process-usage.ts';
import type { CommandedProcess } from './commanded-process.ts';
import type { Block, Contestant } from './contestant.ts';

/** A peer that trains in a process of its own: a line with a number of steps, answered with the seconds they took. */
export function createCommandedContestant(o: {
  readonly name: string;
  readonly process: CommandedProcess;
  readonly pids: Readonly<Record<string, number>>;
  readonly blockSteps: number;
}): Contestant {
  const { name, process, pids, blockSteps } = o;
  resetPeaks(pids);
  const block = async (): Promise<Block> => {
    const before = usageOfAll(pids);
    const { seconds } = await process.ask(String(blockSteps));
    if (typeof seconds !== 'number') throw new Error(`${name} did not say how long it took`);
    const usage = usageBetween(before, usageOfAll(pids), blockSteps);
    return { steps: blockSteps, msPerStep: (seconds * 1000) / blockSteps, ...usage };
  };
  return { name, block, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}
