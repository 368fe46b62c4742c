/** Joins arrays of examples that come piece by piece. */
import { TrainingError } from '../../errors.ts';
import type { NamedArray } from '../dataset.ts';

/** The arrays of one side of the examples. */
export interface Collector {
  /** So far. */
  readonly bytes: number;
  /** Adds examples, which must have the names and shapes of the first ones. @throws {TrainingError} `bad-data` */
  add(arrays: readonly NamedArray[], path: string): void;
  /** All of them; nothing is added afterwards. */
  finish(): readonly NamedArray[];
}

interface Column {
  readonly name: string;
  /** Of an example. */
  readonly shape: readonly number[];
  readonly pieces: (Float32Array | Int32Array)[];
}

/** Starts with nothing. */
export function createCollector(): Collector {
  let columns: readonly Column[] | undefined;
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add(arrays, path) {
      columns ??= arrays.map(({ name, shape: [, ...shape] }) => ({ name, shape, pieces: [] }));
      checkForm(columns, arrays, path);
      arrays.forEach(({ values }, i) => {
        columns?.[i]?.pieces.push(values);
        bytes += values.byteLength;
      });
    },
    finish: () => (columns ?? []).map(join),
  };
}

/** Whole numbers stay so where all pieces have them. */
function join({ name, shape, pieces }: Column): NamedArray {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const areWhole = pieces.every((piece) => piece instanceof Int32Array);
  const values = areWhole ? new Int32Array(length) : new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    values.set(piece, at);
    at += piece.length;
  }
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { name, values, shape: [length / size, ...shape] };
}

function checkForm(columns: readonly Column[], arrays: readonly NamedArray[], path: string): void {
  const form = (name: string, shape: readonly number[]): string =>
    `${name === '' ? '' : `${name} `}[${shape.join(', ')}]`;
  const was = columns.map(({ name, shape }) => form(name, shape)).join(', ');
  const is = arrays.map(({ name, shape: [, ...shape] }) => form(name, shape)).join(', ');
  if (was === is) return;
  const words = `${path}: has shape ${is}, the first element has ${was}`;
  throw new TrainingError('bad-data', words, { data: { field: path } });
}
