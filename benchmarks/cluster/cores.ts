/**
 * What two cores of this machine are worth: leaves of a model in one process, and in two that have nothing to do with each
 * other, in turns. No efficiency of two workers can be better than this.
 *
 *     node --conditions=paceline-source benchmarks/cluster/cores.ts [--model cnn] [--rounds 7]
 *
 * Processes are started as those of workers are, each on a core of its own.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startCommanded } from '../../packages/benchmark/src/contestants/commanded-process.ts';
import type { CommandedProcess } from '../../packages/benchmark/src/contestants/commanded-process.ts';
import type { Block, Contestant } from '../../packages/benchmark/src/contestants/contestant.ts';
import { interleave } from '../../packages/benchmark/src/measure/interleave.ts';
import { summarise } from '../../packages/benchmark/src/measure/statistics.ts';
import { placeRun } from '../../packages/launcher/src/placement.ts';
import { workerTunables } from '../../packages/launcher/src/plan.ts';
import { collectorFlags } from '../../packages/paceline/src/tune-collector.ts';
import { markdownTable } from './markdown-table.ts';
import { quartiles } from './quartiles.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'cnn' },
    rounds: { type: 'string', default: '7' },
    leaves: { type: 'string', default: '200' },
    'warm-up': { type: 'string', default: '1500' },
  },
});
const leaves = Number(values.leaves);

await using stack = new AsyncDisposableStack();
const processes = placeTwo().map((prefix) => stack.use(startLeaves(prefix)));
const [first] = processes;
if (first === undefined) throw new Error('this machine does not have two cores');
await Promise.all(processes.map((each) => each.ask('')));
await leavesOf(processes, Number(values['warm-up']));
const contestants = [contestant('one', [first]), contestant('two', processes)];
const blocks = await interleave({ contestants, rounds: Number(values.rounds) });
const [alone = [], together = []] = [...blocks.values()].map((all) =>
  all.map(({ msPerStep }) => msPerStep),
);
const worth = alone.map((ms, round) => ms / (together[round] ?? NaN));
const rows = markdownTable(
  ['processes', 'ms a leaf'],
  [
    ['one', quartiles(summarise(alone), 2)],
    ['two', quartiles(summarise(together), 2)],
  ],
);
const most = `no efficiency can be more than ${quartiles(summarise(worth), 2)}`;
process.stdout.write(`${[...rows, '', most].join('\n')}\n`);

/** On machines with more cores than two the system places them, as it does with two workers. */
function placeTwo(): readonly (readonly string[])[] {
  const { workers: placed } = placeRun(2);
  return placed.length === 2 ? placed : [[], []];
}

function startLeaves(prefix: readonly string[]): CommandedProcess {
  const main = fileURLToPath(new URL('./cores/leaf-process.ts', import.meta.url));
  const node = [process.execPath, '--conditions=paceline-source', ...collectorFlags()];
  const [command, ...args] = [...prefix, ...node, main, values.model];
  return startCommanded(command, args, { ...process.env, GLIBC_TUNABLES: workerTunables });
}

/** A leaf is a step. The processes are disposed of by whoever started them. */
function contestant(name: string, all: readonly CommandedProcess[]): Contestant {
  const block = async (): Promise<Block> => {
    const msPerStep = await leavesOf(all, leaves);
    return { steps: leaves, msPerStep, cpuMsPerStep: {}, peakBytes: {} };
  };
  return { name, block, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Milliseconds a leaf, of the slower one: a step waits for it. */
async function leavesOf(all: readonly CommandedProcess[], count: number): Promise<number> {
  const answers = await Promise.all(all.map((each) => each.ask(String(count))));
  return Math.max(...answers.map(({ seconds }) => (Number(seconds) * 1000) / count));
}
