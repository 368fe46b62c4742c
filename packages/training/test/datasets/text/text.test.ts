import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Batch, LabelForm } from '../../../src/datasets/dataset.ts';
import { openText } from '../../../src/datasets/text/text.ts';
import type { TextSettings } from '../../../src/datasets/text/text.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();

function read(
  train: string | readonly string[],
  indices: readonly number[],
  { labels = 'index', length = 4 }: { readonly labels?: LabelForm; readonly length?: number } = {},
): Batch & { readonly count: number } {
  const settings: TextSettings = { type: 'text', train, tokens: 'bytes', length };
  const dataset = openText(settings, { labels, seed: 1 });
  try {
    const batch = dataset.train.read(Uint32Array.from(indices));
    return { ...batch, count: dataset.train.examples };
  } finally {
    closeDataset(dataset);
  }
}

const textOf = (array: Batch['x'][number] | undefined): string =>
  Buffer.from(array?.values ?? []).toString();

describe('text', () => {
  it('is windows of bytes; the label of each is the next', () => {
    const train = write('one.txt', 'To be, or not to be');
    const { x, y, count } = read(train, [2, 0]);
    expect(count).toBe(4);
    expect(x[0]?.shape).toEqual([2, 4]);
    expect(textOf(x[0])).toBe('r noTo b');
    expect(y[0]?.shape).toEqual([2, 4]);
    expect(textOf(y[0])).toBe(' noto be');
  });

  it('needs the token behind the last window', () => {
    expect(read(write('eight', '12345678'), [0]).count).toBe(1);
    expect(read(write('nine', '123456789'), [1]).count).toBe(2);
  });

  it('may be in several files, no window over two', () => {
    const train = [write('a', 'abcdefghi'), write('short', 'x'), write('b', 'uvwxyz')];
    expect(textOf(read(train, [2, 1, 0]).x[0])).toBe('uvwxefghabcd');
  });

  it('has one-hot labels when the loss wants them', () => {
    const { y } = read(write('hot', 'AB\u00ff'), [0], { labels: 'oneHot', length: 2 });
    expect(y[0]?.shape).toEqual([1, 2, 256]);
    const hot = [...(y[0]?.values ?? [])].flatMap((value, i) => (value === 1 ? [i] : []));
    expect(hot).toEqual([66, 256 + 0xc3]);
  });

  it('is refused when it is shorter than an example', () => {
    const before = openFiles();
    expect(() => read(write('tiny', 'abcd'), [0])).toThrow(
      'an example needs 5 bytes, there are fewer',
    );
    expect(openFiles()).toEqual(before);
  });
});
