import { createArena, createLayout, planBuckets, planSlots } from '@paceline/math';
import { parseJob, tensorHeadroomBytes } from '@paceline/protocol';
import type { MessageOf } from '@paceline/protocol';
import { expect, test } from 'vitest';

import type { ComputeReply } from '../../../packages/worker/src/compute/orders.ts';
import { createFakeCompute } from '../fake/compute.ts';
import { fakeJob, fakeLayout, fakeTensors, parametersOf } from '../fake/job.ts';

const { settings } = parseJob(fakeJob({ parameters: 5, workers: 3 }));

test('a fake job asks for one microbatch of one example for each worker, and keeps its defaults', () => {
  expect(settings).toMatchObject({ batchSize: 3, microbatches: 3, bucketBytes: 2 ** 20 });
  expect(settings.optimizer).toMatchObject({ type: 'sgd', momentum: 0, weightDecay: 0 });
  expect(parametersOf(settings)).toBe(5);
});

test('a job with a model is refused', () => {
  const real = { ...settings, model: { type: 'function' } } as const;
  expect(() => parametersOf(real)).toThrow('this job has a model');
});

test('the layout has the SHA-256 of as many zeros as there are bytes of parameters', () => {
  const layout = fakeLayout(settings);
  expect(layout.tensors.map(({ shape }) => shape)).toEqual([[2], [5]]);
  // head -c 20 /dev/zero | sha256sum
  expect(layout.initialDigest).toBe(
    'de47c9b27eb8d300dbb5f2c353e632c393262cf06340c4fa7f1b40c4cbd36f90',
  );
});

test('a gradient is written once, and again where a sum has changed it', () => {
  const replies: ComputeReply[] = [];
  const compute = createFakeCompute((reply) => replies.push(reply));
  const arena = createArena({ maximumBytes: 2 ** 20 });
  const layout = createLayout(fakeTensors(5));
  const slots = planSlots(planBuckets(layout, settings.bucketBytes), tensorHeadroomBytes);
  const pointer = arena.allocate(slots.bytes);
  const [weightAt = 0, parametersAt = 0] = slots.dataOffset;
  const empty = new Float32Array(new SharedArrayBuffer(28));
  const order = { kind: 'gradient', task: 1, leaf: 2, version: 3, pointer } as const;

  const welcome = { settings, declared: settings } as MessageOf<'welcome'>;
  compute.receive({ kind: 'prepare', welcome });
  const areas = { memory: arena.memory, parameters: [empty, empty] } as const;
  compute.receive({ kind: 'attach', areas });
  compute.receive(order);
  const parameters = arena.float32(pointer + parametersAt, 5);
  // From the third number of the vector on: (i % 7 - 3) / 1024.
  expect([...parameters].map((value) => value * 1024)).toEqual([-1, 0, 1, 2, 3]);

  parameters[0] = 7;
  compute.receive(order);
  expect(parameters[0]).toBe(7);
  arena.float32(pointer + weightAt, 1)[0] = 2; // the sum of two leaves
  compute.receive(order);
  expect(parameters[0]).toBe(-1 / 1024);
  expect(replies.map(({ kind }) => kind)).toEqual(['prepared', 'gradient', 'gradient', 'gradient']);
  expect(replies.at(-1)).toMatchObject({ task: 1, leaf: 2, version: 3, pointer });
});
