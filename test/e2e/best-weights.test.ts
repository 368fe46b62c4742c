import { join } from 'node:path';

import { expect, test } from 'vitest';

import { freePort, startServer, startWorker } from '../support/cluster.ts';
import { signalAt } from '../support/faults.ts';
import { bitsOf, finished, jobFile, runPaceline, train } from '../support/paceline.ts';
import type { FinishedRun } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';
import { readCheckpoint } from '../support/weights.ts';

const job = jobFile('small.job.ts');
const backend = 'wasm';

/** Loss and metrics that `paceline evaluate` finds in a folder. */
async function evaluate(scratch: Scratch, folder: string): Promise<unknown> {
  const args = ['evaluate', job, folder, '--json', '--backend', backend];
  const { output, errors } = await runPaceline(scratch, args);
  if (output === '') throw new Error(errors);
  return JSON.parse(output);
}

test('a run that stops early gives the weights of its best evaluation, for 1 and 3 workers and after a killed server', async () => {
  using scratch = openScratch();
  const set = [
    'until={"epochs":900,"earlyStopping":{"metric":"accuracy","patience":6}}',
    ...['optimizer.learningRate=0.2', 'checkpoint.everySteps=10'],
  ];
  const run = (workers: number): Promise<FinishedRun> =>
    train(scratch, job, { workers, backend, set });
  const [one, three] = [await run(1), await run(3)];
  const { endedBy, bestStep, steps, metrics } = one.end;
  const found = one.evaluations.find(({ step }) => step === bestStep);
  const accuracies = one.evaluations.map((each) => each.metrics['accuracy'] ?? NaN);
  expect(endedBy).toBe('earlyStopping');
  expect(bestStep).toBe(steps - 6 * 3);
  expect(found?.metrics).toEqual({ accuracy: Math.max(...accuracies) });
  expect(metrics).toEqual(found?.metrics);
  const best = { loss: found?.loss, metrics };
  expect(one.evaluations.at(-1)?.loss).not.toBe(best.loss);
  expect(await evaluate(scratch, one.out)).toMatchObject(best);
  // The run's last checkpoint gives away the same; its own parameters are those of the last step.
  const last = join(one.out, 'checkpoints', `step-${String(steps)}`);
  expect(await evaluate(scratch, last)).toMatchObject(best);
  expect(three.end).toMatchObject({ endedBy, bestStep, steps, metrics });
  expect(bitsOf(three)).toEqual(bitsOf(one));

  const listen = `127.0.0.1:${await freePort()}`;
  const start = (): ReturnType<typeof startServer> =>
    startServer(scratch, { job, backend, set, listen, flags: ['--every', '1'] });
  let cluster = await start();
  startWorker(scratch, cluster.url, { name: 'a', flags: ['--job', job] });
  await signalAt(cluster.server, steps - 5, { name: 'server', signal: 'SIGKILL' });
  await cluster.server.exit();
  cluster = await start();
  const killed = await finished(cluster.server);
  expect(killed.end).toMatchObject({ endedBy, bestStep, steps, metrics });
  expect(bitsOf(killed)).toEqual(bitsOf(one));
});

test('without restoreBest the weights are the last ones; without test data the loss of epochs is watched', async () => {
  using scratch = openScratch();
  const early = { metric: 'accuracy', patience: 6, restoreBest: false };
  const set = [`until=${JSON.stringify({ epochs: 900, earlyStopping: early })}`];
  const rate = 'optimizer.learningRate=0.2';
  const { end, evaluations } = await train(scratch, job, {
    ...{ workers: 1, backend, set: [...set, rate] },
  });
  expect(end.metrics).toEqual(evaluations.at(-1)?.metrics);
  expect(end).not.toHaveProperty('bestStep');

  const alone = jobFile('no-test.job.ts');
  const watched = ['until={"epochs":900,"earlyStopping":{"patience":2,"minChange":0.01}}'];
  const run = (workers: number): Promise<FinishedRun> =>
    train(scratch, alone, { workers, backend, set: watched, flags: ['--every', '1'] });
  const [one, three] = [await run(1), await run(3)];
  expect(one.end.endedBy).toBe('earlyStopping');
  expect(bitsOf(three)).toEqual(bitsOf(one));
  expect(three.end.bestStep).toBe(one.end.bestStep);
  expect(bestEpoch(one)).toBe((one.end.bestStep ?? 0) / 3 - 1);
});

/** The first epoch whose mean loss was better by 0.01 than the best one before it, and followed by two that were not. */
function bestEpoch({ events }: FinishedRun): number {
  const sizes = [8, 8, 6];
  const losses: number[] = [];
  for (const event of events) {
    if (event.type !== 'step') continue;
    const share = (sizes[(event.step - 1) % 3] ?? 0) / 22;
    losses[event.epoch] = (losses[event.epoch] ?? 0) + share * event.loss;
  }
  let best = 0;
  losses.forEach((loss, epoch) => {
    if (loss < (losses[best] ?? NaN) - 0.01) best = epoch;
  });
  expect(losses).toHaveLength(best + 3);
  return best;
}

test('the average of the weights is evaluated, saved and exported, for 1 and 3 workers', async () => {
  using scratch = openScratch();
  const set = [
    'optimizer={"type":"adam","learningRate":0.02,"average":{"decay":0.9,"warmup":true}}',
    ...['until.epochs=6', 'checkpoint.everySteps=3'],
  ];
  const run = (workers: number): Promise<FinishedRun> =>
    train(scratch, job, { workers, backend, set });
  const [one, three] = [await run(1), await run(3)];
  expect(bitsOf(three)).toEqual(bitsOf(one));
  expect(three.evaluations).toEqual(one.evaluations);
  const { loss, metrics } = one.evaluations.at(-1) ?? {};
  const last = join(one.out, 'checkpoints', `step-${String(one.end.steps)}`);
  expect(await evaluate(scratch, one.out)).toMatchObject({ loss, metrics });
  expect(await evaluate(scratch, last)).toMatchObject({ loss, metrics });

  const exported = join(scratch.path, 'exported');
  await runPaceline(scratch, ['export', one.out, '--to', 'safetensors', '--out', exported]);
  const model = [...readCheckpoint(exported, 'weights.safetensors')];
  expect(model).toEqual([...readCheckpoint(last, 'optimizer-average.safetensors')]);
  expect(model).not.toEqual([...readCheckpoint(last)]);
});

test('reduce-on-plateau lowers the rate when evaluations get no better, at the same step for 1 and 3 workers', async () => {
  using scratch = openScratch();
  const schedule = { type: 'reduce-on-plateau', patience: 2, factor: 0.5, minChange: 0.02 };
  const set = [`schedule=${JSON.stringify(schedule)}`, 'until.epochs=80'];
  const run = (workers: number): Promise<FinishedRun> =>
    train(scratch, job, { workers, backend, set, flags: ['--every', '1'] });
  const [one, three] = [await run(1), await run(3)];
  expect(bitsOf(three)).toEqual(bitsOf(one));
  const rates = one.events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
  let [best, waited, rate] = [Infinity, 0, 0.1];
  const expected = one.evaluations.flatMap(({ loss }) => {
    const ofEpoch = [rate, rate, rate];
    if (loss < best - 0.02) [best, waited] = [loss, 0];
    else waited += 1;
    if (waited === 2) [rate, waited] = [rate / 2, 0];
    return ofEpoch;
  });
  expect(rates).toEqual(expected);
  expect(new Set(rates).size).toBeGreaterThan(2);
});
