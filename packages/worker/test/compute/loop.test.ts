import { createArena, createLayout, planBuckets, planSlots } from '@paceline/math';
import { parseJob, tensorHeadroomBytes } from '@paceline/protocol';
import type { MessageOf } from '@paceline/protocol';
import { noTimeline } from '@paceline/telemetry';
import type { TensorFlow } from '@paceline/training';
import { expect, test } from 'vitest';
import { createComputeLoop } from '../../src/compute/loop.ts';
import type { ComputeLoop } from '../../src/compute/loop.ts';
import type { ComputeReply, LayoutFacts } from '../../src/compute/orders.ts';

type Read = (indices: Uint32Array) => Promise<unknown> | object;

/** A batch of the examples themselves: x is the index, y twice of it. */
const batchOf = (indices: Uint32Array): object => ({
  x: Array.from(indices, (index) => [index]),
  y: Array.from(indices, (index) => [2 * index]),
});

/** A loop on a job of one weight whose data are read by `read`; it has 4 leaves of 2 examples a step. */
async function start(
  read: Read,
  log: string[],
): Promise<{ loop: ComputeLoop; pointers: number[] }> {
  const job = parseJob({
    model: (tf: TensorFlow) =>
      tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] }),
    loss: 'meanSquaredError',
    data: {
      type: 'function',
      train: { examples: 8, digest: 'a'.repeat(64), read },
      test: { examples: 4, digest: 'b'.repeat(64), read },
    },
    ...{ batchSize: 8, microbatches: 4, evaluation: { batchSize: 2 }, backend: 'cpu' },
  });
  const prepared = Promise.withResolvers<LayoutFacts>();
  const take = (reply: ComputeReply): void => {
    if (reply.kind === 'prepared') prepared.resolve(reply.layout);
    if (reply.kind === 'failed') prepared.reject(new Error(reply.message));
    if (reply.kind !== 'buckets')
      log.push('leaf' in reply ? `done ${String(reply.leaf)}` : reply.kind);
  };
  const loop = createComputeLoop({
    options: { backend: 'cpu', loadJob: () => Promise.resolve(job) },
    reply: take,
    onNotice: () => undefined,
    now: () => performance.now(),
    timeline: noTimeline,
  });
  const { settings } = job;
  const welcome = { settings, backend: 'cpu', threads: 1 } as MessageOf<'welcome'>;
  loop.receive({ kind: 'prepare', welcome });
  const layout = createLayout((await prepared.promise).tensors);
  const arena = createArena({ maximumBytes: 2 ** 22 });
  const { bytes } = planSlots(planBuckets(layout, settings.bucketBytes), tensorHeadroomBytes);
  const vector = (): Float32Array => new Float32Array(new SharedArrayBuffer(4 * layout.length));
  const areas = { memory: arena.memory, parameters: [vector(), vector()] as const };
  loop.receive({ kind: 'attach', areas });
  return { loop, pointers: [0, 1, 2, 3].map(() => arena.allocate(bytes)) };
}

test('data that come later: the leaf that waits behind is asked for before this one is computed, and answers keep their order', async () => {
  const log: string[] = [];
  const asked: { readonly answer: () => void }[] = [];
  let isRunning = false;
  const read: Read = (indices) => {
    if (!isRunning) return Promise.resolve(batchOf(indices));
    log.push('asked');
    const batch = Promise.withResolvers<object>();
    asked.push({ answer: () => batch.resolve(batchOf(indices)) });
    return batch.promise;
  };
  const { loop, pointers } = await start(read, log);
  isRunning = true;
  log.length = 0;
  for (const [leaf, pointer] of [...pointers.entries()].slice(0, 3)) {
    loop.receive({ kind: 'gradient', task: 1, leaf, version: 0, pointer });
  }
  await expect.poll(() => log).toEqual(['asked']);
  asked[0]?.answer();
  await expect.poll(() => log).toEqual(['asked', 'asked', 'done 0']);
  asked[1]?.answer();
  await expect.poll(() => log.at(-1)).toBe('done 1');
  expect(log).toEqual(['asked', 'asked', 'done 0', 'asked', 'done 1']);
  asked[2]?.answer();
  await expect.poll(() => log.at(-1)).toBe('done 2');
  loop.dispose();
});

test('blocks of the test data are asked for ahead of time as well', async () => {
  const log: string[] = [];
  let isRunning = false;
  const { loop } = await start((indices) => {
    if (isRunning) log.push(`asked ${[...indices].join(',')}`);
    return Promise.resolve(batchOf(indices));
  }, log);
  isRunning = true;
  log.length = 0;
  for (const leaf of [0, 1]) loop.receive({ kind: 'evaluate', task: 2, leaf, version: 0 });
  await expect.poll(() => log.at(-1)).toBe('done 1');
  expect(log).toEqual(['asked 0,1', 'asked 2,3', 'done 0', 'done 1']);
  loop.dispose();
});

test('data that cannot be read are a failure, and what waits behind is answered all the same', async () => {
  const log: string[] = [];
  let isBroken = false;
  const { loop, pointers } = await start((indices) => {
    const fails = isBroken;
    isBroken = false;
    return fails
      ? Promise.reject(new Error('the disk is gone'))
      : Promise.resolve(batchOf(indices));
  }, log);
  isBroken = true;
  log.length = 0;
  for (const [leaf, pointer] of [...pointers.entries()].slice(0, 2)) {
    loop.receive({ kind: 'gradient', task: 1, leaf, version: 0, pointer });
  }
  await expect.poll(() => log).toEqual(['failed', 'done 1']);
  loop.dispose();
});
