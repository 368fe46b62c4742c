/**
 * An exchange alone: push, sum, update and pull of a large vector by two workers without a model, beside gloo's all-reduce:
 *
 *     PACELINE_BENCH_PYTHON=/path/to/python node --conditions=paceline-source benchmarks/cluster/exchange.ts
 *
 * A local run as `paceline train` starts it, over a Unix socket; the Python needs `torch`, and the peer is left out without.
 * In turns, a block of steps each. `--json` prints the figures.
 */
import { parseArgs } from 'node:util';

import { isPresent } from '../../packages/benchmark/src/contestants/contestant.ts';
import { interleave } from '../../packages/benchmark/src/measure/interleave.ts';
import { startExchange } from './exchange/exchange-contestant.ts';
import { exchangeLines, summariseExchange } from './exchange/exchange-lines.ts';
import { startGloo } from './exchange/gloo.ts';

const { values } = parseArgs({
  options: {
    parameters: { type: 'string', default: '25000000' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const size = {
  parameters: Number(values.parameters),
  workers: 2,
  warmUpSteps: 10,
  blockSteps: Number(values.steps),
  blocks: rounds,
};
const python = process.env['PACELINE_BENCH_PYTHON'] ?? 'python3';

await using stack = new AsyncDisposableStack();
const ours = stack.use(await startExchange(size));
const peer = await startGloo({ ...size, python });
if (isPresent(peer)) stack.use(peer);
else tell(`${peer.name}: ${peer.absent}`);
const blocks = await interleave({
  contestants: [ours, ...(isPresent(peer) ? [peer] : [])],
  rounds,
  onBlock: (name, round, { msPerStep }) => {
    tell(`round ${round + 1}: ${name} ${msPerStep.toFixed(1)} ms a step`);
  },
});
const result = summariseExchange(blocks);
const lines = values.json ? [JSON.stringify(result)] : exchangeLines(result);
process.stdout.write(`${lines.join('\n')}\n`);

function tell(line: string): void {
  process.stderr.write(`exchange: ${line}\n`);
}
