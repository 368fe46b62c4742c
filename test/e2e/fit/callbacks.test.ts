import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { train } from 'paceline';
import type { FitLogs } from 'paceline';
import { expect, test } from 'vitest';

import { openScratch } from '../../support/scratch.ts';
import { irisData, irisModel, tf, twins } from './models.ts';
import type { Model } from './models.ts';

const sgd = () => irisModel(tf.train.sgd(0.5));
const exactly = { microbatches: 1, shuffle: false, backend: 'cpu' } as const;
const quiet = { shuffle: false, verbose: 0 } as const;

/** Callbacks that note all they are told, and what the model is worth meanwhile. */
function notes(model: Model, stopAt: { readonly epoch?: number; readonly batch?: number } = {}) {
  const lines: string[] = [];
  const firstWeight = (): string => (model.getWeights()[0]?.dataSync()[0] ?? NaN).toFixed(4);
  const words = (logs: FitLogs = {}): string =>
    Object.entries(logs)
      .map(([name, value]) => `${name} ${value.toFixed(4)}`)
      .join(' ');
  const hooks = {
    onTrainBegin: () => void lines.push('train begins'),
    onTrainEnd: () => void lines.push(`train ends ${firstWeight()}`),
    onEpochBegin: (epoch: number) => void lines.push(`epoch ${epoch} begins ${firstWeight()}`),
    onEpochEnd: async (epoch: number, logs?: FitLogs) => {
      await Promise.resolve();
      lines.push(`epoch ${epoch} ends ${firstWeight()} ${words(logs)}`);
      if (epoch === stopAt.epoch) model.stopTraining = true;
    },
    ...(stopAt.epoch !== undefined
      ? {}
      : {
          onBatchBegin: (batch: number) => void lines.push(`batch ${batch} begins`),
          onBatchEnd: (batch: number, logs?: FitLogs) => {
            lines.push(`batch ${batch} ends ${words(logs)}`);
            if (batch === stopAt.batch) model.stopTraining = true;
          },
        }),
  };
  return { lines, hooks };
}

test.concurrent(
  'callbacks are told the same as by fit, in the same order, with the weights of that epoch in the model',
  async () => {
    using scratch = openScratch();
    const { x, y } = irisData(40);
    const [fitted, trained] = twins(sgd);
    const [expected, found] = [notes(fitted, { epoch: 1 }), notes(trained, { epoch: 1 })];
    const options = { epochs: 5, validationSplit: 0.25 };
    await fitted.fit(x, y, { ...options, ...quiet, callbacks: expected.hooks });
    const history = await train(
      trained,
      { x, y },
      { ...options, ...exactly, callbacks: found.hooks, out: join(scratch.path, 'run') },
    );
    expect(found.lines).toEqual(expected.lines);
    expect(history).toMatchObject({ status: 'stopped', epoch: [0, 1], steps: 2 });
  },
);

test.concurrent('a batch at which a callback stops is the last one', async () => {
  using scratch = openScratch();
  const { x, y } = irisData(90);
  const [fitted, trained] = twins(sgd);
  const [expected, found] = [notes(fitted, { batch: 1 }), notes(trained, { batch: 1 })];
  await fitted.fit(x, y, { ...quiet, callbacks: expected.hooks });
  const history = await train(
    trained,
    { x, y },
    { ...exactly, callbacks: [found.hooks], out: join(scratch.path, 'run') },
  );
  expect(found.lines).toEqual(expected.lines);
  expect(history).toMatchObject({ status: 'stopped', epoch: [0], steps: 2 });
});

test.concurrent(
  'tf.callbacks.earlyStopping ends the run at the epoch at which it ends fit',
  async () => {
    using scratch = openScratch();
    const { x, y } = irisData(40);
    const [fitted, trained] = twins(sgd);
    const stopping = () => tf.callbacks.earlyStopping({ monitor: 'val_acc', patience: 1 });
    const options = { epochs: 9, validationSplit: 0.5 };
    const expected = await fitted.fit(x, y, { ...options, ...quiet, callbacks: stopping() });
    const history = await train(
      trained,
      { x, y },
      { ...options, ...exactly, callbacks: stopping(), out: join(scratch.path, 'run') },
    );
    expect(history.epoch).toEqual(expected.epoch);
    expect(expected.epoch.length).toBeLessThan(9);
  },
);

test.concurrent('what a callback throws ends the run and comes out of train', async () => {
  using scratch = openScratch();
  const { x, y } = irisData(40);
  const model = sgd();
  const onEpochEnd = (): never => {
    throw new Error('enough');
  };
  const running = train(
    model,
    { x, y },
    { epochs: 50, callbacks: { onEpochEnd }, backend: 'wasm', out: join(scratch.path, 'run') },
  );
  await expect(running).rejects.toThrow('enough');
  // Nothing of it is left: the model may be trained again.
  await expect(train(model, { x, y }, { epochs: 0 })).resolves.toMatchObject({ epoch: [] });
});

test.concurrent(
  'a server that is killed between epochs changes neither what is told nor the weights',
  async () => {
    using scratch = openScratch();
    const { x, y } = irisData(40);
    const [fitted, trained] = twins(sgd);
    const [expected, found] = [notes(fitted, { epoch: 3 }), notes(trained, { epoch: 3 })];
    const pids: number[] = [];
    const { onEpochBegin } = found.hooks;
    const hooks = {
      ...found.hooks,
      onEpochBegin(epoch: number) {
        onEpochBegin(epoch);
        if (epoch === 2) pids.slice(-1).forEach((pid) => process.kill(pid, 'SIGKILL'));
      },
    };
    await fitted.fit(x, y, { epochs: 9, ...quiet, callbacks: expected.hooks });
    await train(
      trained,
      { x, y },
      {
        ...{ epochs: 9, ...exactly, callbacks: hooks, out: join(scratch.path, 'run') },
        onEvent: (event) => {
          if (event.type === 'server' && event.event === 'started') pids.push(event.pid);
        },
      },
    );
    expect(pids).toHaveLength(2);
    expect(found.lines).toEqual(expected.lines);
  },
);

test.concurrent(
  'after the signal the model has the weights of the last step, whose hash the history tells',
  async () => {
    using scratch = openScratch();
    const { x, y } = irisData(40);
    const model = sgd();
    const abort = new AbortController();
    const history = await train(
      model,
      { x, y },
      {
        ...{
          epochs: 100_000,
          signal: abort.signal,
          backend: 'wasm',
          out: join(scratch.path, 'run'),
        },
        onEvent: (event) => {
          if (event.type === 'step' && event.step === 5) abort.abort();
        },
      },
    );
    expect(history.status).toBe('interrupted');
    expect(history.steps).toBeGreaterThanOrEqual(5);
    const hash = createHash('sha256');
    for (const weight of model.getWeights())
      hash.update(new Uint8Array(weight.dataSync().slice().buffer));
    expect(history.weightsSha256).toBe(hash.digest('hex'));
  },
);
