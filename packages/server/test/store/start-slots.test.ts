import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServerError } from '../../src/errors.ts';
import { allocateStore } from '../../src/store/allocate-store.ts';
import { shapeOfRun } from '../../src/run/shape.ts';
import { toyJob, toyLayout, toyLayoutMessage } from '../support/toy-run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paceline-start-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const { length } = toyLayout.sections.trainable;
const velocity = Float32Array.from({ length }, (_, i) => i + 0.5);

const file = (values: Float32Array): { readonly path: string; readonly sha256: string } => {
  const bytes = new Uint8Array(values.buffer);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, sha256);
  writeFileSync(path, bytes);
  return { path, sha256 };
};

const allocate = (slots: object) => {
  const { settings } = toyJob();
  const weights = { ...file(new Float32Array(1)), tensors: [] };
  const begun = { ...settings, start: { weights, optimizer: { updates: 3, slots } } };
  const layout = { kind: 'layout', ...toyLayoutMessage(settings) } as const;
  return allocateStore(begun as typeof settings, shapeOfRun(layout, settings));
};

describe('the state that an optimizer begins with', () => {
  test('lies across the buckets as a checkpoint has it', () => {
    const { slots } = allocate({ velocity: file(velocity) }).copyState(0);
    const bytes = slots['velocity'] ?? new Uint8Array();
    expect(new Float32Array(Uint8Array.from(bytes).buffer)).toEqual(velocity);
  });

  test.each([
    [
      'a slot that the optimizer has not',
      () => ({ variance: file(velocity) }),
      /slots\.variance has 76 bytes, the optimizer of this job has 0/,
    ],
    [
      'another length',
      () => ({ velocity: file(velocity.slice(1)) }),
      /slots\.velocity has 72 bytes, the optimizer of this job has 76/,
    ],
    [
      'another file',
      () => ({ velocity: { ...file(velocity), sha256: 'a'.repeat(64) } }),
      /another file than the job was made with/,
    ],
    ['no file', () => ({ velocity: { path: join(folder, 'none'), sha256: '' } }), /ENOENT/],
  ])('is refused for %s', (_, slots, words) => {
    expect(() => allocate(slots())).toThrow(words);
    expect(() => allocate(slots())).toThrow(ServerError);
  });
});
