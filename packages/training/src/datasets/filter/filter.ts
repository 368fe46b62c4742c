/** Examples that a function of the job chooses. */
import { TrainingError } from '../../errors.ts';
import type { Example } from '../augment/settings.ts';
import { exampleOf } from '../example.ts';
import type { AnyExample } from '../example.ts';
import type { AnyDataset, AnySplit } from '../dataset.ts';
import { closeDataset, createDataset } from '../dataset.ts';
import { bytesOf, digestOf } from '../digest.ts';
import { partOf } from '../files/part-of-split.ts';
import { leftOut } from './left-out.ts';

/** Whether an example is kept. It must depend on the example alone. */
export type ExampleFilter<X = Example['x'], Y = Example['y']> = (example: Example<X, Y>) => boolean;

/** So many are read at once. */
const piece = 256;

/**
 * Reads every example once and keeps those that the function wants, 4 bytes each; those of the test as well. Which they are
 * is part of the digest.
 * @throws {TrainingError} `bad-data` when there is no function, it gives something else than true or false, or none is left.
 */
export async function filterDataset(dataset: AnyDataset, local: unknown): Promise<AnyDataset> {
  try {
    const filter: unknown = (local as { readonly filter?: unknown } | undefined)?.filter;
    if (typeof filter !== 'function') {
      throw badFilter('the function is not here; this worker needs the job file');
    }
    const keep = filter as (example: AnyExample) => unknown;
    const { train, test } = dataset;
    return createDataset(
      await filterSplit(train, keep, 'train'),
      test && (await filterSplit(test, keep, 'test')),
    );
  } catch (error) {
    closeDataset(dataset);
    throw error;
  }
}

async function filterSplit(
  split: AnySplit,
  keep: (example: AnyExample) => unknown,
  name: string,
): Promise<AnySplit> {
  const { examples } = split;
  const members: number[] = [];
  for (let first = 0; first < examples; first += piece) {
    const length = Math.min(piece, examples - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    const batch = await split.read(indices);
    for (const [row, index] of indices.entries()) {
      const isKept = keep(exampleOf(batch, { row, index }));
      if (typeof isKept !== 'boolean') {
        throw badFilter(`must give true or false, gave ${String(isKept)}`);
      }
      if (isKept) members.push(index);
    }
  }
  if (members.length === 0) throw badFilter(`leaves no example of data.${name}`);
  const kept = Uint32Array.from(members);
  const digest = digestOf([split.digest, 'filter', bytesOf(kept)]);
  const notices = [...(split.notices ?? []), ...leftOut(examples - kept.length, 'filter')];
  return { ...partOf(split, kept, digest), notices };
}

function badFilter(words: string): TrainingError {
  return new TrainingError('bad-data', `data.filter: ${words}`, { data: { field: 'data.filter' } });
}
