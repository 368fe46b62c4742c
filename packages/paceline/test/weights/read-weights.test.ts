import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLayout } from '@paceline/math';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findStep } from '../../src/weights/find-step.ts';
import { readSavedWeights, toFlatVector } from '../../src/weights/read-weights.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-weights-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const layout = createLayout([
  { name: 'scalars', shape: [2], section: 'scalars' },
  { name: 'b', shape: [1], section: 'trainable' },
  { name: 'W', shape: [1, 2], section: 'trainable' },
]);

/** A safetensors file by its definition: length, header, data. */
function safetensors(header: object, values: readonly number[]): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(Float32Array.from(values).buffer)]);
}

function layersModel(folder: string, weights: readonly object[], values: readonly number[]): void {
  mkdirSync(folder, { recursive: true });
  const weightsManifest = [{ paths: ['weights.bin'], weights }];
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ weightsManifest }));
  writeFileSync(join(folder, 'weights.bin'), Buffer.from(Float32Array.from(values).buffer));
}

const described = [
  { name: 'W', shape: [1, 2], dtype: 'float32' },
  { name: 'b', shape: [1], dtype: 'float32' },
];

describe('saved weights', () => {
  it('are found in a run and in a saved model of either kind, and put at their places by name', async () => {
    const offsets = {
      __metadata__: { step: '3' },
      W: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
      b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    };
    layersModel(join(directory, 'run', 'model'), described, [1, 2, 3]);
    layersModel(join(directory, 'model'), described, [1, 2, 3]);
    mkdirSync(join(directory, 'export'));
    writeFileSync(
      join(directory, 'export', 'weights.safetensors'),
      safetensors(offsets, [1, 2, 3]),
    );
    for (const folder of ['run', 'model', 'export']) {
      const { file, tensors } = await readSavedWeights(join(directory, folder));
      // Layout order: scalars (2), b (1), W (2).
      expect([...toFlatVector(layout, tensors, file)]).toEqual([0, 0, 3, 1, 2]);
    }
  });

  it('are refused when they are of another model', async () => {
    const flat = async (
      weights: readonly object[],
      values: readonly number[],
    ): Promise<unknown> => {
      layersModel(directory, weights, values);
      const { file, tensors } = await readSavedWeights(directory);
      return toFlatVector(layout, tensors, file);
    };
    await expect(flat(described.slice(0, 1), [1, 2])).rejects.toThrow('it has no b');
    const more = [...described, { name: 'c', shape: [1], dtype: 'float32' }];
    await expect(flat(more, [1, 2, 3, 4])).rejects.toThrow('the job has no c');
    const other = [{ ...described[0], shape: [2, 1] }, ...described.slice(1)];
    await expect(flat(other, [1, 2, 3])).rejects.toThrow("W is [2, 1], and the job's is [1, 2]");
  });

  it('are refused when the file is cut short or of another kind', async () => {
    layersModel(directory, described, [1, 2]);
    await expect(readSavedWeights(directory)).rejects.toThrow('the data of b are cut short');
    rmSync(join(directory, 'model.json'));
    const file = join(directory, 'weights.safetensors');
    const header = { W: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] } };
    for (const [content, why] of [
      [Buffer.alloc(4), 'header is cut short'],
      [safetensors(header, [1]), 'data of W are cut short'],
      [safetensors({ W: { ...header.W, dtype: 'F16' } }, [1, 2]), 'W is F16'],
      [Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{]')]), 'not JSON'],
    ] as const) {
      writeFileSync(file, content);
      await expect(readSavedWeights(directory)).rejects.toThrow(why);
    }
  });

  it('that are nowhere are said to be nowhere, with the places', async () => {
    await expect(readSavedWeights(directory)).rejects.toThrow(/neither model\/model\.json, nor /);
  });
});

describe('the step of saved weights', () => {
  it('comes from the manifest of a checkpoint, or the end of a run', async () => {
    writeFileSync(join(directory, 'manifest.json'), '{"step": 200}');
    expect(await findStep(join(directory, 'parameters.safetensors'))).toBe(200);
    writeFileSync(
      join(directory, 'events.ndjson'),
      '{"type":"end","steps":1}\n{"type":"step","step":5}\n{"type":"end","steps":705}\n',
    );
    expect(await findStep(join(directory, 'model', 'model.json'))).toBe(705);
    expect(await findStep(join(directory, 'a', 'b', 'model.json'))).toBeUndefined();
  });
});
