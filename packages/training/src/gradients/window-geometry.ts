import type { TensorFlow } from '../backend/interface.ts';

/** Depth, height, width; one- and two-dimensional operations have a depth (and height) of 1. */
export type Triple = readonly [number, number, number];

/** How the windows of a pooling or convolution lie in its input of [batch, ...input, channels]. */
export interface WindowGeometry {
  readonly batch: number;
  readonly channels: number;
  readonly input: Triple;
  /** Number of windows along each axis. */
  readonly output: Triple;
  readonly filter: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** Cells of padding before the input; what comes after it follows from the rest. */
  readonly before: Triple;
}

/** Padding as operations take it: a word, a number, or numbers for each axis of the tensor. */
export type Padding =
  | 'valid'
  | 'same'
  | number
  | [[number, number], [number, number], [number, number], [number, number]];

export interface WindowOptions {
  readonly inputShape: readonly number[];
  /** Shape of the gradient that comes back: it knows how the forward pass rounded. */
  readonly outputShape: readonly number[];
  readonly filter: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly dilations?: number | readonly number[];
  readonly padding: Padding;
}

/** The windows of a two-dimensional operation, NHWC. */
export function windows2d(tf: TensorFlow, options: WindowOptions): WindowGeometry {
  const [batch, height, width, channels] = four(options.inputShape);
  const [, outputHeight, outputWidth] = four(options.outputShape);
  const info = tf.backend_util.computePool2DInfo(
    [batch, height, width, channels],
    pair(options.filter),
    pair(options.strides),
    pair(options.dilations ?? 1),
    options.padding,
  );
  return {
    batch,
    channels,
    input: [1, height, width],
    output: [1, outputHeight, outputWidth],
    filter: [1, info.filterHeight, info.filterWidth],
    strides: [1, info.strideHeight, info.strideWidth],
    dilations: [1, info.dilationHeight, info.dilationWidth],
    before: [0, info.padInfo.top, info.padInfo.left],
  };
}

/** The windows of a three-dimensional operation, NDHWC. */
export function windows3d(tf: TensorFlow, options: WindowOptions): WindowGeometry {
  const [batch, depth, height, width, channels] = five(options.inputShape);
  const [, outputDepth, outputHeight, outputWidth] = five(options.outputShape);
  const info = tf.backend_util.computePool3DInfo(
    [batch, depth, height, width, channels],
    triple(options.filter),
    triple(options.strides),
    triple(options.dilations ?? 1),
    options.padding as 'valid' | 'same' | number,
  );
  return {
    batch,
    channels,
    input: [depth, height, width],
    output: [outputDepth, outputHeight, outputWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}

function pair(value: number | readonly number[]): [number, number] {
  if (typeof value === 'number') return [value, value];
  const [height = 1, width = height] = value;
  return [height, width];
}

function triple(value: number | readonly number[]): [number, number, number] {
  if (typeof value === 'number') return [value, value, value];
  const [depth = 1, height = depth, width = height] = value;
  return [depth, height, width];
}

function four(shape: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    throw new Error(`expected a shape of rank 4, got [${shape.join(', ')}]`);
  }
  return [a, b, c, d];
}

function five(shape: readonly number[]): [number, number, number, number, number] {
  const [e, ...rest] = shape;
  if (e === undefined) throw new Error('expected a shape of rank 5, got []');
  return [e, ...four(rest)];
}

/**
 * Writes where the cells of one window lie in the flat input, for channel 0, in row-major order;
 * cells in the padding are left out. Returns how many there are.
 */
export function locateWindow(
  geometry: WindowGeometry,
  image: number,
  window: Triple,
  positions: Int32Array,
): number {
  const { input, filter, strides, dilations, before, channels } = geometry;
  let count = 0;
  for (let i = 0; i < filter[0]; i++) {
    const depth = window[0] * strides[0] - before[0] + i * dilations[0];
    if (depth < 0 || depth >= input[0]) continue;
    for (let j = 0; j < filter[1]; j++) {
      const row = window[1] * strides[1] - before[1] + j * dilations[1];
      if (row < 0 || row >= input[1]) continue;
      const start = ((image * input[0] + depth) * input[1] + row) * input[2];
      for (let k = 0; k < filter[2]; k++) {
        const column = window[2] * strides[2] - before[2] + k * dilations[2];
        if (column < 0 || column >= input[2]) continue;
        positions[count++] = (start + column) * channels;
      }
    }
  }
  return count;
}

/** Calls `visit` for every window in row-major order, with its place in the flat output, channel 0. */
export function forEachWindow(
  geometry: WindowGeometry,
  visit: (image: number, window: Triple, outputStart: number) => void,
): void {
  const [depths, rows, columns] = geometry.output;
  let start = 0;
  for (let image = 0; image < geometry.batch; image++) {
    for (let depth = 0; depth < depths; depth++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          visit(image, [depth, row, column], start);
          start += geometry.channels;
        }
      }
    }
  }
}

/** A run of output lines: one line is all windows that differ only in their column. */
export interface LineRange {
  readonly first: number;
  readonly end: number;
}

/** Number of output lines over the whole batch. */
export function countLines({ batch, output }: WindowGeometry): number {
  return batch * output[0] * output[1];
}

/**
 * Calls `visit` for every cell inside the input of every window of these lines: which cell of the
 * window, which window (from the first line on), and where the cell lies in the flat input,
 * channel 0.
 */
export function forEachCell(
  { input, output, filter, strides, dilations, before, channels }: WindowGeometry,
  lines: LineRange,
  visit: (cell: number, window: number, inputStart: number) => void,
): void {
  for (let line = lines.first; line < lines.end; line++) {
    const row = line % output[1];
    const depth = Math.floor(line / output[1]) % output[0];
    const image = Math.floor(line / (output[1] * output[0]));
    const firstWindow = (line - lines.first) * output[2];
    for (let i = 0; i < filter[0]; i++) {
      const inputDepth = depth * strides[0] - before[0] + i * dilations[0];
      if (inputDepth < 0 || inputDepth >= input[0]) continue;
      for (let j = 0; j < filter[1]; j++) {
        const inputRow = row * strides[1] - before[1] + j * dilations[1];
        if (inputRow < 0 || inputRow >= input[1]) continue;
        const start = ((image * input[0] + inputDepth) * input[1] + inputRow) * input[2];
        for (let k = 0; k < filter[2]; k++) {
          const cell = (i * filter[1] + j) * filter[2] + k;
          let column = k * dilations[2] - before[2];
          for (let window = 0; window < output[2]; window++, column += strides[2]) {
            if (column < 0 || column >= input[2]) continue;
            visit(cell, firstWindow + window, (start + column) * channels);
          }
        }
      }
    }
  }
}

/** Number of cells of a whole window. */
export function windowSize({ filter }: WindowGeometry): number {
  return filter[0] * filter[1] * filter[2];
}
