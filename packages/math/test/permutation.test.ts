import { describe, expect, it } from 'vitest';

import { createExampleOrder } from '../src/permutation.ts';

function epochOf(examples: number, seed: number, epoch: number): number[] {
  const order = createExampleOrder({ seed, examples });
  return Array.from({ length: examples }, (_, position) => order(epoch, position));
}

/** Standard deviations by which chi squared is off what equal frequencies would give. */
function surprise(counts: readonly number[], draws: number): number {
  const expected = draws / counts.length;
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chiSquared - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

describe('createExampleOrder', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 100, 255, 256, 257, 1000, 4097, 60_000])(
    'puts each of %i examples at exactly one position, in every epoch',
    (examples) => {
      for (const epoch of [0, 1, 2, 1000]) {
        const sorted = epochOf(examples, 42, epoch).sort((a, b) => a - b);
        expect(sorted.every((example, i) => example === i)).toBe(true);
      }
    },
  );

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32])(
    'stays inside %i examples and repeats none of a sample',
    (examples) => {
      const order = createExampleOrder({ seed: 7, examples });
      const seen = new Set<number>();
      for (let i = 0; i < 20_000; i += 1) {
        const example = order(3, Math.floor((i / 20_000) * examples));
        expect(Number.isInteger(example) && example >= 0 && example < examples).toBe(true);
        seen.add(example);
      }
      expect(seen.size).toBe(20_000);
    },
  );

  it('is another order for another epoch or seed, and the same one when asked again', () => {
    const order = createExampleOrder({ seed: 1, examples: 1000 });
    const read = (epoch: number): string =>
      Array.from({ length: 1000 }, (_, position) => order(epoch, position)).join();
    const [zero, one] = [read(0), read(1)];
    expect(one).not.toBe(zero);
    expect(read(0)).toBe(zero);
    expect(epochOf(1000, 2, 0).join()).not.toBe(zero);
  });

  it('keeps its orders for ever: finished runs can be repeated', () => {
    // From a second implementation, in Python's unbounded integers.
    expect(epochOf(10, 42, 0)).toEqual([4, 8, 3, 9, 1, 7, 6, 5, 0, 2]);
    expect(createExampleOrder({ seed: 42, examples: 60_000 })(5, 59_999)).toBe(59_728);
    expect(createExampleOrder({ seed: 42, examples: 2 ** 32 })(1, 2 ** 32 - 1)).toBe(270_403_613);
  });

  it.each([3, 4, 5, 6])(
    'gives each order of %i examples equally often over the epochs',
    (examples) => {
      const draws = 72_000;
      const order = createExampleOrder({ seed: 3, examples });
      const counts = new Map<string, number>();
      for (let epoch = 0; epoch < draws; epoch += 1) {
        let text = '';
        for (let position = 0; position < examples; position += 1)
          text += String(order(epoch, position));
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      expect(counts.size).toBe([0, 1, 2, 6, 24, 120, 720][examples]);
      expect(Math.abs(surprise([...counts.values()], draws))).toBeLessThan(5);
    },
  );

  it.each([6, 10, 37, 100])('puts each of %i examples everywhere equally often', (examples) => {
    const draws = 200 * examples;
    const order = createExampleOrder({ seed: 5, examples });
    for (const position of [0, 1, examples - 1]) {
      const counts = Array.from({ length: examples }, () => 0);
      for (let epoch = 0; epoch < draws; epoch += 1) {
        const example = order(epoch, position);
        counts[example] = (counts[example] ?? 0) + 1;
      }
      expect(Math.abs(surprise(counts, draws))).toBeLessThan(5);
    }
  });

  it('does not keep neighbours together: the differences of 60,000 examples are spread evenly', () => {
    const cells = 64;
    const order = epochOf(60_000, 11, 0);
    const counts = Array.from({ length: cells }, () => 0);
    order.forEach((example, i) => {
      const next = order[(i + 1) % order.length] ?? 0;
      const cell = Math.floor((((next - example + 60_000) % 60_000) / 60_000) * cells);
      counts[cell] = (counts[cell] ?? 0) + 1;
    });
    expect(Math.abs(surprise(counts, 60_000))).toBeLessThan(5);
  });

  it('refuses sizes, seeds, epochs and positions outside their domain', () => {
    expect(() => createExampleOrder({ seed: 1, examples: 0 })).toThrow('examples must be');
    expect(() => createExampleOrder({ seed: 1, examples: 2 ** 32 + 1 })).toThrow(
      'examples must be',
    );
    expect(() => createExampleOrder({ seed: -1, examples: 3 })).toThrow('seed must be');
    const order = createExampleOrder({ seed: 1, examples: 3 });
    expect(() => order(0, 3)).toThrow('position must be a whole number from 0 to 2');
    expect(() => order(-1, 0)).toThrow('must be a whole number >= 0');
  });
});
