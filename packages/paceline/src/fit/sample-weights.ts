import { readLooseArray } from './arrays.ts';
import type { ShapedArray, Side, Socket } from './arrays.ts';
import type { FitArray, FitArrays } from './types.ts';

/**
 * Weights of examples: one array is for all outputs, and has no name; else they are by the names of the outputs, of which
 * some may be left out. Whether they fit the loss is seen where it is computed.
 *
 * @throws PacelineError `bad-data`
 */
export async function readSampleWeights(
  side: Side,
  given: FitArrays | undefined,
  outputs: readonly Socket[],
): Promise<readonly ShapedArray[]> {
  if (given === undefined) return [];
  const isNamed = !Array.isArray(given) && !ArrayBuffer.isView(given) && !('isDisposed' in given);
  if (!isNamed) return [await readLooseArray(side, '', given as FitArray)];
  const named = given as Readonly<Record<string, FitArray>>;
  const read: ShapedArray[] = [];
  for (const { name } of outputs) {
    const array = Object.hasOwn(named, name) ? named[name] : undefined;
    if (array !== undefined) read.push(await readLooseArray(side, name, array));
  }
  return read;
}
