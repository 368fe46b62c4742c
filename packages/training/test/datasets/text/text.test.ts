import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closeDataset } from '../../../src/datasets/dataset.ts';
import type { Batch, LabelForm } from '../../../src/datasets/dataset.ts';
import { lastCut, loadGpt2 } from '../../../src/datasets/text/gpt2.ts';
import { openText } from '../../../src/datasets/text/text.ts';
import type { TextSettings } from '../../../src/datasets/text/text.ts';
import { openFiles, temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();

interface How {
  readonly labels?: LabelForm;
  readonly length?: number;
  readonly tokens?: TextSettings['tokens'];
}

async function read(
  train: string | readonly string[],
  indices: readonly number[],
  { labels = 'index', length = 4, tokens = 'bytes' }: How = {},
): Promise<Batch & { readonly count: number }> {
  const settings: TextSettings = { type: 'text', train, tokens, length };
  const dataset = await openText(settings, { labels, seed: 1 });
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
  it('is windows of bytes; the label of each is the next', async () => {
    const train = write('one.txt', 'To be, or not to be');
    const { x, y, count } = await read(train, [2, 0]);
    expect(count).toBe(4);
    expect(x[0]?.shape).toEqual([2, 4]);
    expect(textOf(x[0])).toBe('r noTo b');
    expect(y[0]?.shape).toEqual([2, 4]);
    expect(textOf(y[0])).toBe(' noto be');
  });

  it('needs the token behind the last window', async () => {
    expect((await read(write('eight', '12345678'), [0])).count).toBe(1);
    expect((await read(write('nine', '123456789'), [1])).count).toBe(2);
  });

  it('may be in several files, no window over two', async () => {
    const train = [write('a', 'abcdefghi'), write('short', 'x'), write('b', 'uvwxyz')];
    expect(textOf((await read(train, [2, 1, 0])).x[0])).toBe('uvwxefghabcd');
  });

  it('has one-hot labels when the loss wants them', async () => {
    const { y } = await read(write('hot', 'AB\u00ff'), [0], { labels: 'oneHot', length: 2 });
    expect(y[0]?.shape).toEqual([1, 2, 256]);
    const hot = [...(y[0]?.values ?? [])].flatMap((value, i) => (value === 1 ? [i] : []));
    expect(hot).toEqual([66, 256 + 0xc3]);
  });

  it('is refused when it is shorter than an example', async () => {
    const before = openFiles();
    await expect(read(write('tiny', 'abcd'), [0])).rejects.toThrow(
      'an example needs 5 bytes, there are fewer',
    );
    expect(openFiles()).toEqual(before);
  });
});

describe('tokens of GPT-2', () => {
  const cases = JSON.parse(
    readFileSync(new URL('./fixtures/expected.json', import.meta.url), 'utf8'),
  ) as readonly { readonly text: string; readonly tokens: readonly number[] }[];
  const tokensOf = async (text: string | Uint8Array): Promise<number[]> => {
    const { open } = await loadGpt2();
    const bytes = Buffer.from(text);
    const readAt = (into: Uint8Array, position: number): void => {
      bytes.copy(into, 0, position, position + into.length);
    };
    const close = (): void => undefined;
    const tokens = open({ path: 'book', size: bytes.length, readAt, close });
    const all = new Float32Array(tokens.count);
    tokens.read(all, 0);
    return [...all];
  };

  it.each(cases)('are those of tiktoken: $text', async ({ text, tokens }) => {
    expect(await tokensOf(text)).toEqual(tokens);
  });

  it('are the same however a file is cut while it is read', async () => {
    // Pieces of a MiB end at other places of the text: within words, characters, and blanks.
    const text = cases.map((each) => each.text).join(' \n') + '\n\n ';
    const times = Math.ceil(2.5e6 / Buffer.byteLength(text));
    const tokens = await tokensOf(text.repeat(times));
    const { encode, decode } = await import('gpt-tokenizer/encoding/gpt2');
    const whole = encode(text.repeat(times), { disallowedSpecial: new Set() });
    expect(tokens.length).toBe(whole.length);
    expect(tokens.every((token, i) => token === whole[i])).toBe(true);
    expect(decode(tokens)).toBe(text.repeat(times));
  });

  it('are windows like bytes, and their labels', async () => {
    const { x, y, count } = await read(write('fox', cases[1]?.text ?? ''), [1, 0], {
      tokens: 'gpt2',
      length: 3,
    });
    expect(count).toBe(3);
    expect([...(x[0]?.values ?? [])]).toEqual([21831, 18045, 625, 464, 2068, 7586]);
    expect([...(y[0]?.values ?? [])]).toEqual([18045, 625, 262, 2068, 7586, 21831]);
  });

  it('are not those of bytes that are no text', async () => {
    await expect(tokensOf(Buffer.of(0x61, 0xff, 0x62))).rejects.toThrow(
      'book: no UTF-8 text between bytes 0 and 3',
    );
    await expect(read(write('short', 'Hello world'), [0], { tokens: 'gpt2' })).rejects.toThrow(
      'an example needs 5 tokens, there are fewer',
    );
  });

  it('are cut in front of a blank behind something else', () => {
    expect(['ab cd', 'ab  cd', 'ab', ' ab', 'a\n b '].map(lastCut)).toEqual([2, 2, 0, 0, 4]);
  });
});
