import type { NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { createHostTensor } from './host-tensor.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * Matrix products on wasm, whose kernel uses XNNPACK only for one pair of matrices, neither
 * transposed, and loops that are ten to twenty times slower for the rest: for both gradients of
 * every dense layer. Here all but the smallest go through XNNPACK: batches a pair at a time,
 * transposes written out first.
 */
export const matMulRepairs: readonly KernelRepair[] = [
  { kind: 'kernel', name: 'BatchMatMul', backends: ['wasm'], compute: matMul },
];

// Setting up XNNPACK costs about 20 us; smaller products are cheaper in the kernel's own loops.
const smallestWorthwhile = 16_384;

function matMul(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const a = input('a');
  const b = input('b');
  const plan = planProduct(tf, { a, b }, attributes);
  const isFloat = a.dtype === 'float32' && b.dtype === 'float32';
  const isPlain = plan.batch === 1 && !plan.transposeA && !plan.transposeB;
  if (!isFloat || isPlain || plan.m * plan.k * plan.n < smallestWorthwhile) {
    return original(inputs, attributes);
  }
  const multiply = (left: Tensor, right: Tensor): Tensor =>
    original({ a: left, b: right }, { transposeA: false, transposeB: false });
  const products = Array.from({ length: plan.batch }, (_, pair) => {
    const left = { of: a, rows: plan.transposeA ? plan.k : plan.m, pair: plan.pairOfA(pair) };
    const right = { of: b, rows: plan.transposeB ? plan.n : plan.k, pair: plan.pairOfB(pair) };
    return tf.tidy(() => multiplyPair(tf, plan, { left, right, multiply }));
  });
  const product = products.length === 1 ? products[0] : tf.stack(products);
  return tf.reshape(product as Tensor, plan.shape);
}

interface Plan {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly shape: number[];
  readonly batch: number;
  pairOfA(pair: number): number;
  pairOfB(pair: number): number;
}

function planProduct(
  tf: TensorFlow,
  { a, b }: { readonly a: TensorInfo; readonly b: TensorInfo },
  attributes: NamedAttrMap,
): Plan {
  const transposeA = attributes['transposeA'] === true;
  const transposeB = attributes['transposeB'] === true;
  const [rowsA = 1, columnsA = 1] = a.shape.slice(-2);
  const [rowsB = 1, columnsB = 1] = b.shape.slice(-2);
  const m = transposeA ? columnsA : rowsA;
  const n = transposeB ? rowsB : columnsB;
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  return {
    m,
    k: transposeA ? rowsA : columnsA,
    n,
    transposeA,
    transposeB,
    shape: [...outer, m, n],
    batch: tf.util.sizeFromShape(outer),
    pairOfA: broadcastIndex(outer, a.shape.slice(0, -2)),
    pairOfB: broadcastIndex(outer, b.shape.slice(0, -2)),
  };
}

/** Maps a flat index into `outer` to the flat index into `shape`, which is broadcast to it. */
function broadcastIndex(outer: readonly number[], shape: readonly number[]): (i: number) => number {
  return (index) => {
    let rest = index;
    let mapped = 0;
    let stride = 1;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const extent = outer[axis] ?? 1;
      const own = shape[axis - outer.length + shape.length] ?? 1;
      mapped += own === 1 ? 0 : (rest % extent) * stride;
      stride *= own;
      rest = Math.floor(rest / extent);
    }
    return mapped;
  };
}

/** One matrix, rank 2, of a batch of them. */
interface MatrixOf {
  readonly of: Tensor;
  readonly rows: number;
  readonly pair: number;
}

interface Pair {
  readonly left: MatrixOf;
  readonly right: MatrixOf;
  multiply(left: Tensor, right: Tensor): Tensor;
}

/** A product, straight or as the transpose of the swapped product, whichever transposes less. */
function multiplyPair(tf: TensorFlow, plan: Plan, { left, right, multiply }: Pair): Tensor {
  const { m, k, n, transposeA, transposeB } = plan;
  const straightCost = (transposeA ? m * k : 0) + (transposeB ? k * n : 0);
  const swappedCost = (transposeA ? 0 : m * k) + (transposeB ? 0 : k * n) + m * n;
  if (straightCost <= swappedCost) {
    return multiply(takeMatrix(tf, left, transposeA), takeMatrix(tf, right, transposeB));
  }
  const swapped = multiply(takeMatrix(tf, right, !transposeB), takeMatrix(tf, left, !transposeA));
  return transposeMatrix(tf, swapped, { rows: n, columns: m, start: 0 });
}

function takeMatrix(tf: TensorFlow, matrix: MatrixOf, transposed: boolean): Tensor {
  const { of, rows, pair } = matrix;
  const columns = of.shape[of.shape.length - 1] ?? 1;
  const size = rows * columns;
  if (transposed) return transposeMatrix(tf, of, { rows, columns, start: pair * size });
  if (tf.util.sizeFromShape(of.shape) === size) return tf.reshape(of, [rows, columns]);
  return createHostTensor(tf, [rows, columns], (output, memory) => {
    output.set(memory.floats(of).subarray(pair * size, (pair + 1) * size));
  });
}

// Tiles of 16x16 keep both sides in cache: four times as fast as the backend's own transpose.
const tile = 16;

function transposeMatrix(
  tf: TensorFlow,
  from: TensorInfo,
  {
    rows,
    columns,
    start,
  }: { readonly rows: number; readonly columns: number; readonly start: number },
): Tensor {
  return createHostTensor(tf, [columns, rows], (output, memory) => {
    const values = memory.floats(from);
    for (let top = 0; top < rows; top += tile) {
      const bottom = Math.min(rows, top + tile);
      for (let column = 0; column < columns; column++) {
        // Columns in the outer loop of a strip of rows: reads stay within `tile` cache lines.
        for (let row = top; row < bottom; row++) {
          output[column * rows + row] = values[start + row * columns + column] as number;
        }
      }
    }
  });
}
