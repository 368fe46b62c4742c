/**
 * Whether a server's work for a byte grows with the number of workers:
 *
 *     node --conditions=paceline-source benchmarks/cluster/growth.ts
 *
 * A server process, and workers without a model over TCP on this machine. All numbers of workers are measured in turns (4,
 * 16, ..., 16, 4, ...), in blocks with the same number of bytes. `--json` prints the figures, `--picture FILE` draws them.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { interleave } from '../../packages/benchmark/src/measure/interleave.ts';
import type { GrowthContestant } from './growth/growth-contestant.ts';
import { startGrowth } from './growth/growth-contestant.ts';
import { drawGrowth } from './growth/growth-picture.ts';
import { growthRows } from './growth/growth-rows.ts';
import { growthTable } from './growth/growth-table.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '4,16,64,256' },
    parameters: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '5' },
    /** Gradients in a block: workers x steps. */
    gradients: { type: 'string', default: '512' },
    picture: { type: 'string' },
    json: { type: 'boolean', default: false },
    /** More flags for the server's Node, such as --cpu-prof. */
    'server-flags': { type: 'string', default: '' },
  },
});
const sizes = values.workers.split(',').map(Number);
const parameters = Number(values.parameters);
const rounds = Number(values.rounds);
const serverFlags = values['server-flags'].split(' ').filter((flag) => flag !== '');

await using stack = new AsyncDisposableStack();
const contestants: GrowthContestant[] = [];
for (const workers of sizes) {
  const blockSteps = Math.max(1, Math.round(Number(values.gradients) / workers));
  const plan = { parameters, workers, warmUpSteps: blockSteps, blockSteps, blocks: rounds };
  contestants.push(stack.use(await startGrowth(plan, serverFlags)));
  tell(`${workers} workers are warm`);
}
await interleave({
  contestants,
  rounds,
  onBlock: (name, round, { msPerStep, cpuMsPerStep }) => {
    const cpuMs = cpuMsPerStep['server'] ?? NaN;
    tell(`round ${round + 1}: ${name} ${msPerStep.toFixed(1)} ms a step, ${cpuMs.toFixed(1)} CPU`);
  },
});
const rows = growthRows(contestants);
const lines = values.json ? [JSON.stringify({ parameters, rounds, rows })] : growthTable(rows);
process.stdout.write(`${lines.join('\n')}\n`);
if (values.picture !== undefined) writeFileSync(values.picture, drawGrowth(rows));

function tell(line: string): void {
  process.stderr.write(`growth: ${line}\n`);
}
