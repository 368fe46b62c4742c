/** Text as windows of tokens: what comes next is the label of each. */
import { TrainingError } from '../../errors.ts';
import type { Dataset, DatasetOptions, LabelForm, NamedArray, Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { closeAll, openAll } from '../files/open-all.ts';
import { openSplits } from '../files/open-splits.ts';
import type { FileSettings } from '../files/open-splits.ts';
import { openStoredFile } from '../files/open-file.ts';
import type { StoredFile } from '../files/stored-file.ts';
import { checkIndices } from '../gather.ts';

/** Settings of `{ type: 'text' }`: tokens are the bytes of the files, `length` of them an example. */
export interface TextSettings extends FileSettings {
  readonly type: 'text';
  readonly tokens: 'bytes';
  readonly length: number;
}

const byteTokens = 256;

/**
 * Example i of a file has x = its tokens [i length, (i + 1) length), and y = the same one later; what does not fill an example is
 * left out. x is [examples, length]; y is that too, or [examples, length, 256] where the loss wants one-hot labels.
 * @throws {TrainingError} `missing-data`; `bad-data` when no file is long enough.
 */
export function openText(settings: TextSettings, { labels, seed }: DatasetOptions): Dataset {
  const { length } = settings;
  return openSplits(settings, seed, (paths) => {
    const files = openAll(paths, (path) => openStoredFile(path));
    const counts = files.map(({ size }) => Math.max(0, Math.floor((size - 1) / length)));
    const close = (): void => {
      closeAll(files);
    };
    const examples = counts.reduce((sum, count) => sum + count, 0);
    if (examples === 0) {
      close();
      const words = `${paths.join(', ')}: an example needs ${String(length + 1)} bytes, there are fewer`;
      throw new TrainingError('bad-data', words, { data: { paths } });
    }
    const digest = digestOf(files.map(digestOfStoredFile));
    return { ...createTextSplit({ files, counts, length, labels }, digest), close };
  });
}

interface TextParts {
  readonly files: readonly StoredFile[];
  /** Examples in each file. */
  readonly counts: readonly number[];
  readonly length: number;
  readonly labels: LabelForm;
}

function createTextSplit({ files, counts, length, labels }: TextParts, digest: string): Split {
  const examples = counts.reduce((sum, count) => sum + count, 0);
  return {
    examples,
    digest,
    read(indices) {
      checkIndices(indices, examples);
      const x = new Float32Array(indices.length * length);
      const next = new Float32Array(indices.length * length);
      const bytes = new Uint8Array(length + 1);
      indices.forEach((index, row) => {
        const { file, example } = locate(files, counts, index);
        file.readAt(bytes, example * length);
        x.set(bytes.subarray(0, length), row * length);
        next.set(bytes.subarray(1), row * length);
      });
      const shape = [indices.length, length];
      return {
        examples: indices.length,
        x: [{ name: '', values: x, shape }],
        y: [labels === 'index' ? { name: '', values: next, shape } : oneHot(next, shape)],
      };
    },
  };
}

function locate(
  files: readonly StoredFile[],
  counts: readonly number[],
  index: number,
): { readonly file: StoredFile; readonly example: number } {
  let example = index;
  for (const [i, file] of files.entries()) {
    const count = counts[i] ?? 0;
    if (example < count) return { file, example };
    example -= count;
  }
  throw new RangeError(`there is no example ${String(index)}`);
}

function oneHot(tokens: Float32Array, shape: readonly number[]): NamedArray {
  const values = new Float32Array(tokens.length * byteTokens);
  tokens.forEach((token, i) => {
    values[i * byteTokens + token] = 1;
  });
  return { name: '', values, shape: [...shape, byteTokens] };
}
