import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { DatasetOptions } from '../../../src/datasets/dataset.ts';
import { isCostly } from '../../../src/datasets/reader/costly.ts';
import { openData } from '../../../src/datasets/reader/open-data.ts';
import { openInThread } from '../../../src/datasets/reader/open-in-thread.ts';
import { openDataset } from '../../../src/datasets/registry.ts';
import type { DataSettings } from '../../../src/datasets/registry.ts';
import { temporaryFiles } from '../../support/files.ts';

const { folder, write } = temporaryFiles();
const options: DatasetOptions = { labels: 'oneHot', seed: 3 };

function csv(text: string): Extract<DataSettings, { readonly type: 'csv' }> {
  return {
    ...({ type: 'csv', delimiter: ',', header: true, categories: {} } as const),
    ...({ columns: { x: ['a', 'b'], y: ['y'] }, onBadExample: 'fail' } as const),
    ...{ train: write('rows.csv', text), split: { test: 0.5 } },
  };
}

/** 8 images of 4 x 4, each of a shade of its own. */
function images(augment: DataSettings['augment']): DataSettings {
  for (let i = 0; i < 8; i += 1) {
    const image = new PNG({ width: 4, height: 4 });
    image.data = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 3 + i * 20) % 256));
    const place = join(folder, 'pictures', i % 2 === 0 ? 'even' : 'odd');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${String(i)}.png`), PNG.sync.write(image));
  }
  const train = join(folder, 'pictures');
  return { type: 'images', train, size: [4, 4], channels: 3, onBadExample: 'fail', augment };
}

const rows = 'a,b,y\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n';

describe('data in a thread of their own', () => {
  it.each([
    ['CSV', () => csv(rows)],
    ['images that are changed', () => images({ crop: { padding: 2 }, flip: 'horizontal' })],
  ])('%s: are the examples that this thread reads', async (_, settingsOf) => {
    const settings = settingsOf();
    const [here, there] = [
      await openDataset(settings, undefined, options),
      await openInThread(settings, options),
    ];
    const { examples, digest } = there.train;
    expect({ examples, digest }).toEqual({
      examples: here.train.examples,
      digest: here.train.digest,
    });
    const orders = [
      [0, 1],
      [1, 0],
    ] as const;
    // All at once: they come in their order, each with its own numbers.
    const batches = await Promise.all(
      orders.map((order, step) => there.train.read(Uint32Array.from(order), step)),
    );
    for (const [step, order] of orders.entries()) {
      const expected = await here.train.read(Uint32Array.from(order), step);
      expect(batches[step]).toEqual(expected);
    }
    expect(batches[0]).not.toEqual(batches[1]);
    closeDataset(here);
    closeDataset(there);
  });

  it('says what is wrong when they are opened, and when they are read, as if it were here', async () => {
    await expect(openInThread({ ...csv(rows), train: 'nowhere.csv' }, options)).rejects.toThrow(
      expect.objectContaining({ name: 'TrainingError', code: 'missing-data' }),
    );
    const pictures = await openInThread(images(undefined), options);
    writeFileSync(join(folder, 'pictures', 'even', '0.png'), 'no picture');
    await expect(pictures.train.read(Uint32Array.of(0))).rejects.toThrow(
      expect.objectContaining({ name: 'TrainingError', code: 'bad-data' }),
    );
    // The next examples are none the worse for it.
    await expect(pictures.train.read(Uint32Array.of(1))).resolves.toMatchObject({ examples: 1 });
    closeDataset(pictures);
    rmSync(join(folder, 'pictures'), { recursive: true });
  });

  it('leaves nobody waiting when the thread has ended', async () => {
    const dataset = await openInThread(csv(rows), options);
    const late = dataset.train.read(Uint32Array.of(0));
    closeDataset(dataset);
    await late.catch((error: unknown) => {
      expect(error).toMatchObject({ message: 'the thread that reads the data has ended' });
    });
  });
});

describe('a thread is worth it', () => {
  const mnist: DataSettings = { type: 'mnist', flatten: true };

  it('for what is decoded, changed, or on the web, and not for numbers as they are', () => {
    expect(isCostly(csv(rows))).toBe(true);
    expect(isCostly(mnist)).toBe(false);
    expect(isCostly({ ...mnist, augment: { flip: 'horizontal' } })).toBe(true);
    const files = { x: 'http://host/x.npy', y: 'y.npy' };
    expect(isCostly({ type: 'npy', train: files, scale: 1 })).toBe(true);
    expect(isCostly({ type: 'npy', train: { ...files, x: 'x.npy' }, scale: 1 })).toBe(false);
  });

  it('never for functions of the job', () => {
    const local = { $local: 'function' } as const;
    expect(isCostly({ ...csv(rows), filter: local })).toBe(false);
    expect(isCostly({ ...mnist, augment: local })).toBe(false);
    expect(isCostly({ type: 'function' })).toBe(false);
  });

  it('which is where the data of a job are opened', async () => {
    const dataset = await openData(csv(rows), undefined, options);
    const batch = dataset.train.read(Uint32Array.of(0));
    expect(batch).toBeInstanceOf(Promise);
    await batch;
    closeDataset(dataset);
  });
});
