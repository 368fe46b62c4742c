import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointImage } from '@paceline/server';
import { openDiskStorage } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import { createManualClock } from '@paceline/telemetry/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Retention } from '../../src/checkpoint/retention.ts';
import { openTestFolder } from '../support/folder.ts';

let scratch: ReturnType<typeof openTestFolder>;
let folder: string;
beforeEach(() => {
  scratch = openTestFolder();
  folder = join(scratch.path, 'checkpoints');
});
afterEach(() => {
  scratch[Symbol.dispose]();
});

const openStorage = (o: Partial<Retention> = {}) =>
  openDiskStorage(folder, { clock: createManualClock(), keep: 3, ...o });

/** Writes samples of steps, each with a storage of its own, as a server that is restarted does. */
async function write(steps: readonly number[], o: Partial<Retention> = {}): Promise<void> {
  const storage = openStorage(o);
  for (const step of steps) await storage.write(createSampleImage({ step }));
  await storage.close();
}

const steps = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('step-'))
    .sort();

test('a folder may be named as seen from the working folder, with some of its path to be made', async () => {
  const before = process.cwd();
  mkdirSync(join(scratch.path, 'runs'));
  process.chdir(scratch.path);
  try {
    const storage = openDiskStorage('runs/one/checkpoints', {
      clock: createManualClock(),
      keep: 3,
    });
    await storage.open();
    await storage.close();
  } finally {
    process.chdir(before);
  }
  expect(readdirSync(join(scratch.path, 'runs/one/checkpoints'))).toEqual(['term-1']);
});

describe('what is written is read', () => {
  test('the whole image, bit by bit', async () => {
    const sections = { schedule: { rate: 0.1, steps: [1, 2] }, 'stop-rule': { best: null } };
    const image = createSampleImage({ step: 7, sections });
    const copy = structuredClone(image);
    const storage = openStorage();
    const { path, bytes } = await storage.write(image);
    const { newest, notices } = await storage.open();
    await storage.close();
    expect(newest).toEqual({ ...copy, path });
    expect(path).toBe(join(folder, 'step-7'));
    expect(notices).toEqual([]);
    expect(readdirSync(path).sort()).toEqual([
      'manifest.json',
      'optimizer-momentum.safetensors',
      'parameters.safetensors',
      'section-schedule.json',
      'section-stop-rule.json',
    ]);
    const sizes = readdirSync(path).map((name) => readFileSync(join(path, name)).byteLength);
    expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  test('the image is given away: its buffers are detached, but a part of a larger one is copied', async () => {
    const image = createSampleImage({ step: 1 });
    const larger = new Uint8Array(100);
    larger.set(image.slots['momentum'] ?? [], 8);
    const storage = openStorage();
    await storage.write({ ...image, slots: { momentum: larger.subarray(8, 28) } });
    await storage.close();
    expect(image.parameters.byteLength).toBe(0);
    expect(larger.byteLength).toBe(100);
    const { newest } = await openStorage().open();
    expect(newest?.slots).toEqual(createSampleImage({ step: 1 }).slots);
  });

  test('an image in shared memory is not copied on its way', async () => {
    const image = createSampleImage({ step: 1 });
    const parameters = new Uint8Array(new SharedArrayBuffer(32));
    parameters.set(image.parameters);
    const storage = openStorage();
    await storage.write({ ...image, parameters });
    await storage.close();
    const { newest } = await openStorage().open();
    expect(newest?.parameters).toEqual(createSampleImage({ step: 1 }).parameters);
  });

  test('writes that are begun together are done in their order, and closing waits for them', async () => {
    const storage = openStorage();
    const writes = [1, 2, 3].map((step) => storage.write(createSampleImage({ step })));
    await storage.close();
    const done = await Promise.all(writes);
    expect(done.map(({ path }) => path)).toEqual([1, 2, 3].map((s) => join(folder, `step-${s}`)));
    expect((await openStorage().open()).newest?.facts.step).toBe(3);
    await expect(storage.write(createSampleImage({ step: 4 }))).rejects.toThrow('are closed');
  });
});

describe('a step that is there already', () => {
  const marked = (image: CheckpointImage): CheckpointImage => ({
    ...image,
    facts: { ...image.facts, run: 'another' },
  });

  test('is kept when it is whole', async () => {
    await write([5]);
    const storage = openStorage();
    const { path } = await storage.write(marked(createSampleImage({ step: 5 })));
    await storage.close();
    expect(path).toBe(join(folder, 'step-5'));
    expect((await openStorage().open()).newest?.facts.run).toBe(
      createSampleImage({ step: 5 }).facts.run,
    );
  });

  test('is moved aside when it is damaged', async () => {
    await write([5]);
    writeFileSync(join(folder, 'step-5', 'parameters.safetensors'), 'x');
    const storage = openStorage();
    await storage.write(marked(createSampleImage({ step: 5 })));
    await storage.close();
    expect(steps()).toEqual(['step-5', 'step-5.damaged-1']);
    expect((await openStorage().open()).newest?.facts.run).toBe('another');
  });

  test('is neither replaced nor taken for the own when it is of another job', async () => {
    await write([5]);
    const storage = openStorage();
    const other = storage.write(createSampleImage({ step: 5, seed: 43 }));
    await expect(other).rejects.toMatchObject({ code: 'checkpoint-failed' });
    await expect(other).rejects.toThrow('a checkpoint of another job is there');
    await storage.close();
    expect((await openStorage().open()).newest?.facts.seed).toBe(42);
  });
});

describe('what stays', () => {
  test('the newest ones, and those at multiples', async () => {
    await write([0, 1, 2, 3, 4, 5, 6], { keep: 2, keepEverySteps: 3 });
    expect(steps()).toEqual(['step-0', 'step-3', 'step-5', 'step-6']);
  });

  test('whole ones only are counted: a damaged one does not drive out a good one', async () => {
    const storage = openStorage({ keep: 2 });
    await storage.write(createSampleImage({ step: 1 }));
    await storage.write(createSampleImage({ step: 2 }));
    writeFileSync(join(folder, 'step-2', 'section-schedule.json'), '{}');
    await storage.write(createSampleImage({ step: 3 }));
    await storage.close();
    expect(steps()).toEqual(['step-1', 'step-2', 'step-3']);
  });
});

describe('opening', () => {
  test('gives a greater term each time, whether or not anything was written', async () => {
    const terms = [];
    for (let i = 0; i < 3; i++) terms.push((await openStorage().open()).term);
    expect(terms).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['term-3']);
  });

  test('gives a greater term than that of any checkpoint, should the marks be lost', async () => {
    const storage = openStorage();
    await storage.write(createSampleImage({ step: 1, term: 8 }));
    await storage.close();
    expect((await openStorage().open()).term).toBe(9);
  });

  test('falls back to the newest that is whole, and says what it moved aside', async () => {
    await write([1, 2, 3]);
    writeFileSync(join(folder, 'step-3', 'manifest.json'), '{}');
    rmSync(join(folder, 'step-2', 'optimizer-momentum.safetensors'));
    const { newest, notices } = await openStorage().open();
    expect(newest?.facts.step).toBe(1);
    expect(notices).toEqual([
      'step-3 is damaged (manifest.json is not what was written); moved aside as step-3.damaged-1',
      'step-2 is damaged (optimizer-momentum.safetensors is missing); moved aside as step-2.damaged-2',
    ]);
    expect(steps()).toEqual(['step-1', 'step-2.damaged-2', 'step-3.damaged-1']);
  });

  test('a checkpoint under the name of another step is damaged', async () => {
    await write([1]);
    const { path = '' } = (await openStorage().open()).newest ?? {};
    mkdirSync(join(folder, 'step-9'));
    for (const name of readdirSync(path)) {
      writeFileSync(join(folder, 'step-9', name), readFileSync(join(path, name)));
    }
    const { newest, notices } = await openStorage().open();
    expect(newest?.facts.step).toBe(1);
    expect(notices[0]).toContain('it is of step 1');
  });

  test('sweeps what dead processes left and all but three damaged ones, and nothing that is foreign', async () => {
    const gone = 2 ** 30; // Linux gives no process such a number.
    const foreign = ['notes.txt', 'step-07', 'best', 'step-1.partial-x', 'step-3.damaged-1.old'];
    const ours = [`step-4.partial-${gone}`, `step-4.partial-${process.pid}`, 'step-2.partial-1'];
    const damaged = [2, 3, 4, 10, 11].map((n) => `step-1.damaged-${n}`);
    for (const name of [...foreign, ...ours, ...damaged]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    const { notices } = await openStorage().open();
    const left = ['step-2.partial-1', ...[10, 11, 4].map((n) => `step-1.damaged-${n}`)];
    expect(readdirSync(folder).sort()).toEqual([...foreign, ...left, 'term-1'].sort());
    expect(notices).toHaveLength(4);
    expect(notices).toContain(
      `step-4.partial-${gone} was removed: process ${gone} did not finish it`,
    );
  });
});

describe('a folder that cannot be used', () => {
  test.each(['.', 'below'])('is a clear error when it is a file (%s)', async (below) => {
    writeFileSync(folder, '');
    folder = join(folder, below);
    const opened = openStorage().open();
    await expect(opened).rejects.toMatchObject({ code: 'checkpoints-unusable' });
    await expect(opened).rejects.toThrow(/is a file.*; give another folder$/);
  });

  test('a write that fails says so in words, leaves nothing half-made, and the next one may succeed', async () => {
    writeFileSync(folder, '');
    const storage = openStorage();
    const failed = storage.write(createSampleImage({ step: 1 }));
    await expect(failed).rejects.toMatchObject({ name: 'ServerError', code: 'checkpoint-failed' });
    rmSync(folder);
    const tooShort = { ...createSampleImage({ step: 1 }), parameters: new Uint8Array(4) };
    await expect(storage.write(tooShort)).rejects.toThrow(/4 bytes of numbers, the layout has 32/);
    const badName = createSampleImage({ step: 1, sections: { '../x': {} } });
    await expect(storage.write(badName)).rejects.toThrow('no name of a file');
    expect(readdirSync(folder)).toEqual([]);
    await storage.write(createSampleImage({ step: 1 }));
    await storage.close();
    expect(steps()).toEqual(['step-1']);
  });
});
