import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@paceline/protocol';
import { checkCheckpoint, readCheckpoint, ServerError } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import { expect, test } from 'vitest';
import { decodeManifest } from '../../src/checkpoint/manifest.ts';
import { openFolder } from '../../src/checkpoint/open-folder.ts';
import { createValidity } from '../../src/checkpoint/validity.ts';
import { writeCheckpoint } from '../../src/checkpoint/write-checkpoint.ts';
import { openTestFolder } from '../support/folder.ts';

function writeSteps(folder: string, steps: readonly number[]): string {
  const o = { retention: { keep: 9 }, validity: createValidity() };
  for (const step of steps) writeCheckpoint(folder, createSampleImage({ step }), o);
  return join(folder, `step-${steps.at(-1)}`);
}

/** How a checkpoint is refused; undefined for one that is not. */
function refusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof ServerError ? error.code : String(error);
  }
}

const vectorsAndSections = [
  'parameters.safetensors',
  'optimizer-momentum.safetensors',
  'section-schedule.json',
];

/** What is not noticed, of all contents that differ in one byte or end too early. */
function unnoticed(content: Uint8Array, read: (content: Uint8Array, i: number) => unknown) {
  const found: string[] = [];
  const look = (what: string, bytes: Uint8Array, i: number): void => {
    if (refusal(() => read(bytes, i)) !== 'checkpoint-damaged') found.push(what);
  };
  for (let i = 0; i < content.length; i++) {
    const flipped = Uint8Array.from(content);
    flipped[i] = (content[i] ?? 0) ^ (1 << (i % 8));
    look(`byte ${i}`, flipped, i);
    look(`${i} bytes`, content.subarray(0, i), i);
  }
  look('one byte more', Buffer.concat([content, Buffer.from(' ')]), 0);
  return found;
}

test.each(vectorsAndSections)(
  'any one byte of %s that is another is noticed, and so is any truncation',
  (name) => {
    using folder = openTestFolder();
    const path = writeSteps(folder.path, [3]);
    const file = join(path, name);
    const content = readFileSync(file);
    const found = unnoticed(content, (bytes, i) => {
      writeFileSync(file, bytes);
      return i % 2 === 0 ? readCheckpoint(path) : checkCheckpoint(path);
    });
    expect(found).toEqual([]);
    writeFileSync(file, content);
    expect(refusal(() => checkCheckpoint(path))).toBeUndefined();
  },
);

test('any one byte of the manifest that is another is noticed, and so is any truncation', () => {
  using folder = openTestFolder();
  const content = readFileSync(join(writeSteps(folder.path, [3]), 'manifest.json'));
  expect(unnoticed(content, decodeManifest)).toEqual([]);
  expect(refusal(() => decodeManifest(content))).toBeUndefined();
});

test('every byte of white space in the manifest counts too', () => {
  using folder = openTestFolder();
  const path = writeSteps(folder.path, [3]);
  const file = join(path, 'manifest.json');
  const text = readFileSync(file, 'utf8');
  for (const [from, to] of [
    ['\n', '\r'],
    ['": ', '":\t'],
    ['  "run"', ' "run"'],
  ] as const) {
    writeFileSync(file, text.replace(from, to));
    expect(refusal(() => readCheckpoint(path))).toBe('checkpoint-damaged');
  }
});

test('whichever file of the newest is damaged, the one before is used', () => {
  for (const name of ['manifest.json', ...vectorsAndSections]) {
    using folder = openTestFolder();
    const path = writeSteps(folder.path, [1, 2]);
    const content = readFileSync(join(path, name));
    writeFileSync(join(path, name), content.subarray(0, content.length / 2));
    const { newest, notices } = openFolder(folder.path);
    expect(newest).toEqual({
      ...createSampleImage({ step: 1 }),
      path: join(folder.path, 'step-1'),
    });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^step-2 is damaged \(.*\); moved aside as step-2\.damaged-1$/);
  }
});

test('a checkpoint of another format is no damage: it is left alone, and named', () => {
  using folder = openTestFolder();
  const path = writeSteps(folder.path, [1, 2]);
  const file = join(path, 'manifest.json');
  const { digest: _, ...fields } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    unknown
  >;
  const later = { ...fields, formatVersion: 3 };
  const digest = createHash('sha256').update(canonicalJson(later)).digest('hex');
  writeFileSync(file, `${JSON.stringify({ ...later, digest }, null, 2)}\n`);
  const { newest, notices } = openFolder(folder.path);
  expect(newest?.facts.step).toBe(1);
  const words = 'it has format 3 of paceline-checkpoint, which this version does not read';
  expect(notices).toEqual([`step-2 was left alone: ${words}`]);
  expect(readdirSync(folder.path)).toContain('step-2');
});
