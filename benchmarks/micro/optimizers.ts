/**
 * How fast a bucket is updated, by each rule of the optimizer, against a memcpy of as many bytes.
 *
 *     node --conditions=paceline-source benchmarks/micro/optimizers.ts [--json]
 */
import type { DecayRule, MomentumRule } from '@paceline/math';
import { compare } from './support/compare.ts';
import { sizeName } from './support/subject.ts';
import type { Contest, Subject } from './support/subject.ts';
import type { Vectors } from './support/vectors.ts';
import { createVectors, memcpy, vectorBytes } from './support/vectors.ts';

const momentumRules: readonly MomentumRule[] = ['none', 'heavy-ball', 'nesterov'];
const decayRules: readonly DecayRule[] = ['none', 'coupled', 'decoupled'];

await compare('sgd', vectorBytes.map(contest));

function contest(bytes: number): Contest {
  const vectors = createVectors(bytes);
  const rules = momentumRules.flatMap((momentum) =>
    decayRules.map((decay) => sgd(vectors, momentum, decay)),
  );
  return { name: sizeName(bytes), subjects: [memcpy(vectors), ...rules] };
}

function sgd(vectors: Vectors, momentumRule: MomentumRule, decayRule: DecayRule): Subject {
  const { arena, count } = vectors;
  const numbers = { scale: 0.5, learningRate: 1e-3, momentum: 0.9, decay: 1e-4 };
  const step = { ...vectors, ...numbers, momentumRule, decayRule };
  // Parameters and gradient are read, the target is written; a velocity is read and written.
  const streams = momentumRule === 'none' ? 3 : 5;
  return {
    name: `momentum: ${momentumRule}, decay: ${decayRule}`,
    bytes: streams * 4 * count,
    run: () => arena.kernels.sgd(step),
  };
}
