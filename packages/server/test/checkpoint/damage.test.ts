import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCheckpoint, readCheckpoint, ServerError } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import { expect, test } from 'vitest';
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

const names = [
  'manifest.json',
  'parameters.safetensors',
  'optimizer-momentum.safetensors',
  'section-schedule.json',
];

test.each(names)(
  'any one byte of %s that is another is noticed, and so is any truncation',
  (name) => {
    using folder = openTestFolder();
    const path = writeSteps(folder.path, [3]);
    const file = join(path, name);
    const content = readFileSync(file);
    const unnoticed: string[] = [];
    const look = (what: string, bytes: Uint8Array, read: (path: string) => unknown): void => {
      writeFileSync(file, bytes);
      if (refusal(() => read(path)) !== 'checkpoint-damaged') unnoticed.push(what);
    };
    for (let i = 0; i < content.length; i++) {
      const flipped = Uint8Array.from(content);
      flipped[i] = (content[i] ?? 0) ^ (1 << (i % 8));
      look(`byte ${i}`, flipped, i % 2 === 0 ? readCheckpoint : checkCheckpoint);
      look(`${i} bytes`, content.subarray(0, i), i % 2 === 0 ? checkCheckpoint : readCheckpoint);
    }
    look('one byte more', Buffer.concat([content, Buffer.from(' ')]), readCheckpoint);
    expect(unnoticed).toEqual([]);
    writeFileSync(file, content);
    expect(refusal(() => checkCheckpoint(path))).toBeUndefined();
  },
);

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
  for (const name of names) {
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
