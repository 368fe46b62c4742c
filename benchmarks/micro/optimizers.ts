/**
 * How fast a tensor is updated by each optimizer, against a memcpy of as many bytes.
 *
 *     node --conditions=paceline-source benchmarks/micro/optimizers.ts [--json]
 */
import type { OptimizerSettings, Segment } from '@paceline/math';
import { createOptimizer, optimizerTypes } from '@paceline/math';
import { parseSettings } from '@paceline/protocol';
import { compare } from './support/compare.ts';
import { sizeName } from './support/subject.ts';
import type { Contest, Subject } from './support/subject.ts';
import type { Vectors } from './support/vectors.ts';
import { createVectors, memcpy, vectorBytes } from './support/vectors.ts';

const variants: readonly object[] = [
  { type: 'sgd', momentum: 0.9 },
  { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
  { type: 'rmsprop', centered: true, momentum: 0.9 },
  { type: 'adam', amsgrad: true },
  { type: 'sgd', clip: { globalNorm: 1 } },
  { type: 'sgd', average: {} },
];

await compare('optimizers', vectorBytes.map(contest));

function contest(bytes: number): Contest {
  const vectors = createVectors(bytes);
  const all = [...optimizerTypes.map((type) => ({ type })), ...variants];
  const subjects = all.map((optimizer) => subject(vectors, optimizer));
  return { name: sizeName(bytes), subjects: [memcpy(vectors), ...subjects] };
}

function subject(vectors: Vectors, given: object): Subject {
  const settings = settingsOf(given);
  const { passes, slots } = createOptimizer(settings);
  const { arena, count, parameters, target, gradient } = vectors;
  const rows = 2 ** Math.floor(Math.log2(count) / 2);
  const shape = [rows, count / rows];
  const segment: Segment = {
    ...{ arena, count, parameters, target, gradient, start: 0, updates: 10, scale: 0.5 },
    tensor: { name: 'w', shape, section: 'trainable', size: count, offset: 0 },
    slots: vectors.slots.slice(0, slots.length),
    learningRate: settings.learningRate,
  };
  return {
    name: JSON.stringify(given),
    // Parameters and gradient are read, the target is written; slots are read and written. More passes read again.
    bytes: (3 + 2 * slots.length) * 4 * count,
    run: () => {
      for (const pass of passes) pass(segment);
    },
  };
}

/** Complete settings of an optimizer. */
function settingsOf(optimizer: object): OptimizerSettings {
  const data = { type: 'linear' };
  const job = { model: { type: 'function' }, loss: 'meanSquaredError', data, optimizer };
  return parseSettings(job).optimizer;
}
