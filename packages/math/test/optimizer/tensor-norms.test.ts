import { describe, expect, it } from 'vitest';

import { createArena } from '../../src/arena.ts';
import { createLayout } from '../../src/layout.ts';
import { createTensorNorms } from '../../src/optimizer/tensor-norms.ts';
import { createRandom } from '../../src/random.ts';

const arena = createArena({ maximumBytes: 2 ** 22 });

describe('createTensorNorms', () => {
  const sizes = [1, 7, 8, 9, 1023, 1024, 1025, 5000];
  const tensors = sizes.map((size, i) => ({
    ...{ name: `t${String(i)}`, shape: [size], section: 'trainable' as const },
  }));
  const layout = createLayout(tensors);
  const random = createRandom(3);
  const values = Float32Array.from({ length: layout.length }, () => random.uniform() * 200 - 100);
  const pointer = arena.allocate(values.byteLength);
  arena.float32(pointer, values.length).set(values);

  /** Adds all tensors in parts of `most` elements. */
  const measure = (most: number, norms = createTensorNorms()): readonly number[] => {
    for (const tensor of layout.tensors) {
      for (let start = 0; start < tensor.size; start += most) {
        const count = Math.min(most, tensor.size - start);
        norms.add({ arena, tensor, start, count }, pointer + (tensor.offset + start) * 4);
      }
    }
    return [...layout.tensors.map((tensor) => norms.of(tensor)), norms.ofAll()];
  };

  it('has the norms that plain sums have', () => {
    const plain = layout.tensors.map(({ offset, size }) =>
      values.slice(offset, offset + size).reduce((sum, value) => sum + value ** 2, 0),
    );
    const expected = [...plain, plain.reduce((a, b) => a + b)].map(Math.sqrt);
    measure(2 ** 20).forEach((norm, i) => {
      expect(norm / (expected[i] ?? NaN)).toBeCloseTo(1, 13);
    });
  });

  it.each([1, 3, 8, 100, 1000, 1024, 2047])('has the same bits in parts of %i', (most) => {
    expect(measure(most)).toEqual(measure(2 ** 20));
  });

  it('begins anew with each step, and leaves no memory behind', () => {
    const norms = createTensorNorms();
    const first = measure(100, norms);
    const before = arena.usedBytes;
    expect(measure(333, norms)).toEqual(first);
    expect(arena.usedBytes).toBe(before);
  });
});
