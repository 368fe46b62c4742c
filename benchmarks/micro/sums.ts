/**
 * How fast a step's sums are added and looked at, against a memcpy of as many bytes and a loop in JavaScript.
 *
 *     node --conditions=paceline-source benchmarks/micro/sums.ts [--json]
 */
import { compare } from './support/compare.ts';
import { sizeName } from './support/subject.ts';
import type { Contest, Subject } from './support/subject.ts';
import type { Vectors } from './support/vectors.ts';
import { createVectors, memcpy, vectorBytes } from './support/vectors.ts';

await compare('sums', vectorBytes.map(contest));

function contest(bytes: number): Contest {
  const vectors = createVectors(bytes);
  return {
    name: sizeName(bytes),
    subjects: [memcpy(vectors), ...kernels(vectors), loopAdd(vectors), loopIsFinite(vectors)],
  };
}

function kernels({ arena, count, target, parameters, gradient }: Vectors): readonly Subject[] {
  const { add, addChecked, addScaled, copy, isFinite } = arena.kernels;
  const stream = 4 * count;
  return [
    { name: 'add', bytes: 3 * stream, run: () => add(target, parameters, gradient, count) },
    { name: 'add, in place', bytes: 3 * stream, run: () => add(target, target, gradient, count) },
    {
      name: 'addChecked, in place',
      bytes: 3 * stream,
      run: () => addChecked(target, target, gradient, count),
    },
    {
      name: 'addScaled',
      bytes: 3 * stream,
      run: () => addScaled(target, parameters, gradient, 0.5, count),
    },
    { name: 'copy', bytes: 2 * stream, run: () => copy(target, parameters, count) },
    { name: 'isFinite', bytes: stream, run: () => isFinite(parameters, count) },
  ];
}

function loopAdd({ arena, count, target, parameters, gradient }: Vectors): Subject {
  const [into, left, right] = [target, parameters, gradient].map((pointer) =>
    arena.float32(pointer, count),
  ) as [Float32Array, Float32Array, Float32Array];
  return {
    name: 'add, JavaScript loop',
    bytes: 12 * count,
    run: () => {
      for (let i = 0; i < count; i += 1) into[i] = (left[i] ?? 0) + (right[i] ?? 0);
    },
  };
}

function loopIsFinite({ arena, count, parameters }: Vectors): Subject {
  const values = arena.float32(parameters, count);
  return {
    name: 'isFinite, JavaScript loop',
    bytes: 4 * count,
    run: () => {
      for (let i = 0; i < count; i += 1) if (!Number.isFinite(values[i])) return false;
      return true;
    },
  };
}
