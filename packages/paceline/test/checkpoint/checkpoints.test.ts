import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeSafetensors } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import { describe, expect, it } from 'vitest';

import { checkCheckpoints } from '../../src/checkpoint/check-checkpoints.ts';
import { exportCheckpoint } from '../../src/checkpoint/export-checkpoint.ts';
import { findCheckpoints } from '../../src/checkpoint/find-checkpoints.ts';
import { inspectCheckpoints } from '../../src/checkpoint/inspect-checkpoints.ts';
import { readNewestCheckpoint } from '../../src/checkpoint/newest-checkpoint.ts';
import { findStep } from '../../src/weights/find-step.ts';
import { readSavedWeights } from '../../src/weights/read-weights.ts';
import { openRunFolder } from '../support/checkpoints.ts';

const damage = (checkpoint: string): void => {
  writeFileSync(join(checkpoint, 'parameters.safetensors'), 'x');
};
const damaged = 'parameters.safetensors has 1 bytes instead of ';
const floats = (bytes: Uint8Array): readonly number[] => [
  ...new Float32Array(Uint8Array.from(bytes).buffer),
];

describe('checkpoints', () => {
  it('are found from the folder of a run, from theirs, and from one of them, in the order of steps', async () => {
    using folder = await openRunFolder([{ step: 9 }, { step: 10 }]);
    const [nine, ten] = [9, 10].map((step) => join(folder.checkpoints, `step-${step}`));
    expect(findCheckpoints(folder.run)).toEqual([nine, ten]);
    expect(findCheckpoints(folder.checkpoints)).toEqual([nine, ten]);
    expect(findCheckpoints(nine ?? '')).toEqual([nine]);
    for (const nothing of [join(folder.run, 'no-such'), join(nine ?? '', 'manifest.json')]) {
      expect(() => findCheckpoints(nothing)).toThrow(
        /^There are no checkpoints in .*Give the folder/,
      );
    }
  });

  it('are checked one by one', async () => {
    using folder = await openRunFolder([{ step: 1 }, { step: 2 }]);
    damage(join(folder.checkpoints, 'step-1'));
    const [first, second] = checkCheckpoints(folder.run);
    expect(first).toEqual({
      path: join(folder.checkpoints, 'step-1'),
      isValid: false,
      reason: expect.stringContaining(damaged) as string,
    });
    const { run, jobHash, createdAtMs } = createSampleImage({ step: 2 }).facts;
    expect(second).toMatchObject({ isValid: true, step: 2, run, jobHash, createdAtMs });
  });

  it('are read from the newest that is whole; where none is, the error says why of each', async () => {
    using folder = await openRunFolder([{ step: 1 }, { step: 2 }]);
    damage(join(folder.checkpoints, 'step-2'));
    expect(readNewestCheckpoint(folder.run).facts.step).toBe(1);
    damage(join(folder.checkpoints, 'step-1'));
    const read = () => readNewestCheckpoint(folder.run);
    expect(read).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
    expect(read).toThrow(/step-2: parameters.*step-1: parameters/);
  });
});

describe('an inspection', () => {
  it('lists all, and what the newest whole one holds', async () => {
    using folder = await openRunFolder([{ step: 1, term: 2 }, { step: 3 }]);
    damage(join(folder.checkpoints, 'step-3'));
    const { checkpoints, newest } = inspectCheckpoints(folder.run);
    expect(checkpoints.map(({ isValid }) => isValid)).toEqual([true, false]);
    expect(newest?.facts).toMatchObject({ step: 1, term: 2, backend: 'wasm', level: 'portable' });
    expect(newest?.facts).not.toHaveProperty('layout');
    expect(newest?.tensors).toEqual([
      { name: 'kernel', section: 'trainable', shape: [2, 2], bytes: 16 },
      { name: 'mean', section: 'state', shape: [1], bytes: 4 },
      { name: 'bias', section: 'trainable', shape: [], bytes: 4 },
      { name: 'frozen', section: 'frozen', shape: [2], bytes: 8 },
    ]);
    expect(newest?.slots).toEqual({ momentum: 20 });
    expect(newest?.sections).toEqual({ schedule: { warmUp: [1] } });
  });

  it('says that none is whole by leaving it out', async () => {
    using folder = await openRunFolder([{ step: 1 }]);
    damage(join(folder.checkpoints, 'step-1'));
    expect(inspectCheckpoints(folder.run)).not.toHaveProperty('newest');
  });
});

describe('an export', () => {
  it('for TensorFlow.js is a model.json and its weights in layout order', async () => {
    using folder = await openRunFolder([{ step: 5 }]);
    const out = join(folder.run, 'exported');
    const exported = exportCheckpoint({ directory: folder.run, to: 'tfjs', out });
    expect(exported).toEqual({ from: join(folder.checkpoints, 'step-5'), step: 5, out });
    expect(JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'))).toEqual({
      format: 'layers-model',
      generatedBy: 'paceline',
      convertedBy: null,
      modelTopology: { class_name: 'Sequential', config: { layers: [] } },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [
            { name: 'kernel', shape: [2, 2], dtype: 'float32' },
            { name: 'bias', shape: [], dtype: 'float32' },
            { name: 'mean', shape: [1], dtype: 'float32' },
            { name: 'frozen', shape: [2], dtype: 'float32' },
          ],
        },
      ],
    });
    expect(floats(readFileSync(join(out, 'weights.bin')))).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('as safetensors has the tensors by name', async () => {
    using folder = await openRunFolder([{ step: 5, topology: null }]);
    const out = join(folder.run, 'exported');
    mkdirSync(out);
    exportCheckpoint({ directory: folder.run, to: 'safetensors', out });
    expect(readdirSync(out)).toEqual(['weights.safetensors']);
    const tensors = decodeSafetensors(readFileSync(join(out, 'weights.safetensors')));
    expect(tensors.map(({ name, bytes }) => [name, floats(bytes)])).toEqual([
      ['kernel', [5, 6, 7, 8]],
      ['bias', [9]],
      ['mean', [10]],
      ['frozen', [11, 12]],
    ]);
  });

  it('is refused for a job without layers, and into a folder that is in use', async () => {
    using folder = await openRunFolder([{ step: 5, topology: null }]);
    const to = (format: 'tfjs' | 'safetensors', out: string) => () =>
      exportCheckpoint({ directory: folder.run, to: format, out });
    const fresh = join(folder.run, 'exported');
    expect(to('tfjs', fresh)).toThrow(/job without layers.*--to safetensors/);
    expect(existsSync(fresh)).toBe(false);
    expect(to('safetensors', folder.run)).toThrow(/is not empty, and nothing is overwritten/);
    writeFileSync(fresh, '');
    expect(to('safetensors', fresh)).toThrow('is no folder');
    expect(existsSync(folder.checkpoints)).toBe(true);
  });
});

describe('weights to evaluate', () => {
  it('are those of the newest whole checkpoint, by name, where there is no saved model', async () => {
    using folder = await openRunFolder([{ step: 5 }, { step: 7 }]);
    damage(join(folder.checkpoints, 'step-7'));
    for (const place of [folder.run, folder.checkpoints, join(folder.checkpoints, 'step-5')]) {
      const { file, tensors } = await readSavedWeights(place);
      expect(tensors.map(({ name, shape, bytes }) => [name, shape, floats(bytes)])).toEqual([
        ['kernel', [2, 2], [5, 6, 7, 8]],
        ['bias', [], [9]],
        ['mean', [1], [10]],
        ['frozen', [2], [11, 12]],
      ]);
      expect(await findStep(file)).toBe(5);
    }
  });

  it('are not taken from a checkpoint that is damaged', async () => {
    using folder = await openRunFolder([{ step: 5 }]);
    damage(join(folder.checkpoints, 'step-5'));
    const read = readSavedWeights(join(folder.checkpoints, 'step-5'));
    await expect(read).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });
});
