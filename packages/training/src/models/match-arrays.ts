/** Which array of the data belongs to which input or output of the model. */
import type { Tensor } from '@tensorflow/tfjs';
import { TrainingError } from '../errors.ts';
import type { NamedTensor } from './model.ts';

/** An input or output: its canonical name, the name in the user's own model, and its shape (null: any). */
export interface Socket {
  readonly name: string;
  readonly originalName: string;
  readonly shape: readonly (number | null)[];
}

/**
 * The tensors in the order of the sockets: by name, or the only one.
 * @throws {TrainingError} `bad-shape`, naming what the model has and what the data has.
 */
export function matchArrays(
  side: 'input' | 'output',
  arrays: readonly NamedTensor[],
  sockets: readonly Socket[],
): Tensor[] {
  const [only] = arrays;
  if (sockets.length === 1 && arrays.length === 1 && only?.name === '') return [only.tensor];
  if (arrays.length !== sockets.length) throw mismatch(side, arrays, sockets);
  return sockets.map((socket) => {
    const found =
      arrays.find((array) => array.name === socket.name) ??
      arrays.find((array) => array.name === socket.originalName);
    if (found === undefined) throw mismatch(side, arrays, sockets);
    return found.tensor;
  });
}

/** @throws {TrainingError} `bad-shape` when an input is not what its layer takes. */
export function checkInputs(tensors: readonly Tensor[], sockets: readonly Socket[]): void {
  sockets.forEach(({ name, shape }, index) => {
    const found = tensors[index]?.shape ?? [];
    const fits =
      found.length === shape.length &&
      shape.every(
        (dimension, axis) => dimension === null || axis === 0 || dimension === found[axis],
      );
    if (fits) return;
    throw new TrainingError(
      'bad-shape',
      `input "${name}" takes examples of shape ${words(shape)}, the data gives ${words(found)}`,
      { data: { input: name } },
    );
  });
}

function words(shape: readonly (number | null)[]): string {
  return `[${shape
    .slice(1)
    .map((dimension) => String(dimension ?? 'any'))
    .join(', ')}]`;
}

function mismatch(
  side: 'input' | 'output',
  arrays: readonly NamedTensor[],
  sockets: readonly Socket[],
): TrainingError {
  const wanted = sockets.map((socket) => `"${socket.name}"`).join(', ');
  const given = arrays.map((array) =>
    array.name === '' ? 'one without a name' : `"${array.name}"`,
  );
  return new TrainingError(
    'bad-shape',
    `the model has the ${side}s ${wanted}; data.${side === 'input' ? 'x' : 'y'} has ${given.join(', ')}`,
    { data: { side } },
  );
}
