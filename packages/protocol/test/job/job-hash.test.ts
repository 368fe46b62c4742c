import { createHash } from 'node:crypto';
import { canonicalJson, describeJob, isDataOnly, jobHash, parseJob } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

const plain = { model: () => undefined, loss: 'mse', data: { type: 'mnist' } };

const hashWith = (change: object): string => jobHash(parseJob({ ...plain, ...change }).settings);

/** A job that begins with weights and state in files. */
const begun = (path: string, sha256: string, updates = 3): object => {
  const file = { path, sha256: sha256.repeat(64) };
  const weights = { ...file, tensors: [{ name: 'w', shape: [2] }] };
  return { start: { weights, optimizer: { updates, slots: { velocity: file } } } };
};

describe('the hash of a job', () => {
  it('follows from what it begins with, wherever that lies', () => {
    const hash = hashWith(begun('here', 'a'));
    expect(hashWith(begun('there', 'a'))).toBe(hash);
    const others = [begun('here', 'b'), begun('here', 'a', 4), {}].map(hashWith);
    expect(new Set([hash, ...others]).size).toBe(4);
  });

  it('is the SHA-256 of the canonical JSON of what matters for its bits', () => {
    const { settings } = parseJob(plain);
    const { name: _n, until: _u, checkpoint: _c, bucketBytes: _b, ...matters } = settings;
    const expected = createHash('sha256').update(canonicalJson(matters)).digest('hex');
    expect(jobHash(settings)).toBe(expected);
  });

  it.each([
    { name: 'other' },
    { until: { epochs: 7 } },
    { checkpoint: { everySteps: 3 } },
    { bucketBytes: 64 },
    { data: { type: 'mnist', path: 'elsewhere' } },
    { loss: 'meanSquaredError' },
    { batchSize: 256 },
  ])('is the same with %j', (change) => {
    expect(hashWith(change)).toBe(hashWith({}));
  });

  it.each([
    { seed: 43 },
    { batchSize: 128 },
    { microbatches: 4 },
    { threads: 2 },
    { nonFinite: 'skip' },
    { loss: 'huber' },
    { loss: () => 0 },
    { optimizer: { type: 'sgd', learningRate: 0.011 } },
    { data: { type: 'mnist', flatten: true } },
  ])('is another with %j', (change) => {
    expect(hashWith(change)).not.toBe(hashWith({}));
  });
});

describe('a job needs no code', () => {
  const layers = { type: 'layers', topology: { class_name: 'Sequential', config: {} } };
  const isPlain = (change: object): boolean =>
    isDataOnly(parseJob({ ...plain, model: layers, ...change }).settings);

  it('when model, loss, metrics and data are plain', () => {
    expect(isPlain({ metrics: ['accuracy'] })).toBe(true);
    expect(isPlain({ data: { type: 'arrays', train: { x: [[1], [2]], y: [1, 2] } } })).toBe(true);
  });

  it.each([
    { model: () => undefined },
    { loss: () => 0 },
    { metrics: ['accuracy', () => 0] },
    { data: () => undefined },
    { data: { type: 'arrays', train: { x: new Float32Array(2), y: [1, 2] } } },
  ])('but not with %o', (change) => {
    expect(isPlain(change)).toBe(false);
  });
});

describe('the description of the settings', () => {
  const rows = describeJob();

  it('gives every value a meaning', () => {
    const isGroup = (path: string): boolean => rows.some((row) => row.path.startsWith(`${path}.`));
    const unexplained = rows.filter(
      ({ path, meaning }) => meaning === '' && !isGroup(path) && !/\.(type|x|y)$/.test(path),
    );
    expect(unexplained).toEqual([]);
  });

  it('names the defaults that a job really gets', () => {
    const { settings } = parseJob(plain);
    const defaults = rows.filter(({ path, defaultValue }) => !path.includes('.') && defaultValue);
    expect(defaults.length).toBeGreaterThan(8);
    for (const { path, defaultValue } of defaults) {
      const actual: unknown = Object.entries(settings).find(([key]) => key === path)?.[1];
      const expected: unknown = JSON.parse(defaultValue ?? '');
      if (typeof expected === 'object') expect(actual).toMatchObject(expected as object);
      else expect(actual).toBe(expected);
    }
  });
});
