import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { openRun, tensorsOf } from '../support/optimizer-run.ts';
import { settingsOf } from '../support/optimizer-settings.ts';

/** What oracle.py wrote. */
interface Oracle {
  /** The steps after which the parameters were kept. */
  readonly kept: readonly number[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly initial: string;
  readonly gradients: string;
  readonly cases: readonly {
    readonly source: string;
    readonly settings: Parameters<typeof settingsOf>[0];
    readonly results: string;
  }[];
}

const oracle = JSON.parse(
  await readFile(new URL('./oracle.json', import.meta.url), 'utf8'),
) as Oracle;
const steps = 100;

function floatsOf(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** One unit in the last place of a Float32 number. */
function unitOf(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126))) - 23);
}

const initial = floatsOf(oracle.initial);
const gradients = floatsOf(oracle.gradients);
const { length } = initial;

/**
 * How far apart the two are after each kept step: the largest distance over the elements, in units in the last place of
 * the largest value that the element has had (what is rounded on the way is as large), over the number of steps.
 */
function distances({ settings, results }: Oracle['cases'][number]): readonly number[] {
  const run = openRun({
    settings: settingsOf(settings),
    tensors: tensorsOf(oracle.shapes),
    initial,
  });
  const expected = floatsOf(results);
  const largest = initial.map(Math.abs);
  const found: number[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const parameters = run.step(gradients.subarray((step - 1) * length, step * length));
    parameters.forEach((value, i) => {
      largest[i] = Math.max(largest[i] ?? 0, Math.abs(value));
    });
    const at = oracle.kept.indexOf(step);
    if (at === -1) continue;
    const units = [...parameters].map((value, i) => {
      return Math.abs(value - (expected[at * length + i] ?? NaN)) / unitOf(largest[i] ?? 0);
    });
    found.push(Math.max(...units) / step);
  }
  return found;
}

describe('each optimizer beside PyTorch and Keras, 100 steps', () => {
  const named = oracle.cases.map((each) => ({
    ...each,
    title: `${each.source}: ${JSON.stringify(each.settings)}`,
  }));
  it.each(named)('$title: within 2 units in the last place a step, 4 for adafactor', (each) => {
    const found = distances(each);
    expect(found).toHaveLength(oracle.kept.length);
    // PyTorch's sums over rows and columns are in single precision, ours in double.
    const most = each.settings.type === 'adafactor' ? 4 : 2;
    expect(Math.max(...found)).toBeLessThanOrEqual(most);
  });

  it('would notice another epsilon', () => {
    const [adam] = oracle.cases.filter(
      ({ settings }) => settings['epsilon'] === 1e-3 && settings.type === 'adam',
    );
    if (adam === undefined) throw new Error('no such case');
    const other = { ...adam, settings: { ...adam.settings, epsilon: 1.01e-3 } };
    expect(Math.max(...distances(other))).toBeGreaterThan(2);
  });
});
