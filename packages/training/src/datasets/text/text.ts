/** Text as windows of tokens: what comes next is the label of each. */
import { TrainingError } from '../../errors.ts';
import type { Dataset, DatasetOptions, LabelForm, NamedArray, Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { closeAll, openAll } from '../files/open-all.ts';
import { openStoredFile } from '../files/open-file.ts';
import { openSplits } from '../files/open-splits.ts';
import type { FileSettings } from '../files/open-splits.ts';
import { checkIndices } from '../gather.ts';
import { loadGpt2 } from './gpt2.ts';
import { bytes } from './tokens.ts';
import type { Tokenizer, Tokens } from './tokens.ts';

/** Settings of `{ type: 'text' }`: `length` tokens are an example. */
export interface TextSettings extends FileSettings {
  readonly type: 'text';
  readonly tokens: 'bytes' | 'gpt2';
  readonly length: number;
}

/**
 * Example i of a file has x = its tokens [i length, (i + 1) length), and y = the same one later; what does not fill an example is
 * left out. x is [examples, length]; y is that too, or [examples, length, tokens] where the loss wants one-hot labels.
 * @throws {TrainingError} `missing-data`; `bad-data` when no file is long enough, or is no text.
 */
export async function openText(
  settings: TextSettings,
  { labels, seed }: DatasetOptions,
): Promise<Dataset> {
  const tokenizer = settings.tokens === 'gpt2' ? await loadGpt2() : bytes;
  const { length } = settings;
  return openSplits(settings, seed, (paths) => {
    const files = openAll(paths, openStoredFile);
    const close = (): void => {
      closeAll(files);
    };
    try {
      const tokens = files.map((file) => tokenizer.open(file));
      return { ...createTextSplit({ tokens, tokenizer, length, labels, paths }), close };
    } catch (error) {
      close();
      throw error;
    }
  });
}

interface TextParts {
  /** Of each file. */
  readonly tokens: readonly Tokens[];
  readonly tokenizer: Tokenizer;
  readonly length: number;
  readonly labels: LabelForm;
  readonly paths: readonly string[];
}

function createTextSplit({ tokens, tokenizer, length, labels, paths }: TextParts): Split {
  const counts = tokens.map(({ count }) => Math.max(0, Math.floor((count - 1) / length)));
  const examples = counts.reduce((sum, count) => sum + count, 0);
  if (examples === 0) {
    const what = tokenizer === bytes ? 'bytes' : 'tokens';
    const words = `${paths.join(', ')}: an example needs ${String(length + 1)} ${what}, there are fewer`;
    throw new TrainingError('bad-data', words, { data: { paths } });
  }
  return {
    examples,
    digest: digestOf(tokens.map(({ digest }) => digest)),
    read(indices) {
      checkIndices(indices, examples);
      const x = new Float32Array(indices.length * length);
      const next = new Float32Array(indices.length * length);
      const window = new Float32Array(length + 1);
      indices.forEach((index, row) => {
        const { file, example } = locate(counts, index);
        tokens[file]?.read(window, example * length);
        x.set(window.subarray(0, length), row * length);
        next.set(window.subarray(1), row * length);
      });
      const shape = [indices.length, length];
      const y = { name: '', values: next, shape };
      return {
        examples: indices.length,
        x: [{ name: '', values: x, shape }],
        y: [labels === 'index' ? y : oneHot(y, tokenizer.size)],
      };
    },
  };
}

/** The file of an example, and its number there; `counts` are those of the files. */
function locate(
  counts: readonly number[],
  index: number,
): { readonly file: number; readonly example: number } {
  let example = index;
  for (const [file, count] of counts.entries()) {
    if (example < count) return { file, example };
    example -= count;
  }
  throw new RangeError(`there is no example ${String(index)}`);
}

function oneHot({ name, values: tokens, shape }: NamedArray, size: number): NamedArray {
  const values = new Float32Array(tokens.length * size);
  tokens.forEach((token, i) => {
    values[i * size + token] = 1;
  });
  return { name, values, shape: [...shape, size] };
}
