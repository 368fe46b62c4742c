/**
 * Arithmetic on the memory of an arena, in WebAssembly SIMD. The sources are in `assembly/`.
 *
 * All pointers are byte addresses in that memory and multiples of 4 (64 is fastest); all counts are in floats. Nothing
 * is checked: a range outside the memory traps. Results are IEEE single precision with one rounding an operation, no
 * fused multiply-add, subnormals kept: the same bits on every machine, payloads of NaN aside.
 */
import { decodeBase64 } from './base64.ts';
import { kernelsWasm } from './kernels.wasm.ts';
import { nameOperands } from './operands.ts';
import type { NamedKernel, NamedKernels } from './operands.ts';
import { webAssembly } from './webassembly.ts';
import type { SharedMemory, WasmModule } from './webassembly.ts';

/** Kernels bound to one memory. They block, for about 0.1 ms a megabyte, and keep nothing. */
export interface Kernels extends NamedKernels {
  /** into = left + right. `into` may be `left` or `right`. */
  add(into: number, left: number, right: number, count: number): void;
  /** The same, and in one pass whether all of `right`, and all of the sum, were finite. `into` may be `left` or `right`. */
  addChecked(into: number, left: number, right: number, count: number): CheckedSum;
  /** into = base + scale x from (two roundings). `into` may be `base` or `from`; `scale` is rounded to Float32. */
  addScaled(into: number, base: number, from: number, scale: number, count: number): void;
  /** Copies bit by bit; the ranges may overlap. */
  copy(into: number, from: number, count: number): void;
  /** False when any element is NaN or infinite. */
  isFinite(pointer: number, count: number): boolean;
  /** into = scale x from. `into` may be `from`. */
  scaled(into: number, from: number, scale: number, count: number): void;
  /** into = scale x from, but at least -bound and at most bound. `into` may be `from`. */
  clamped(into: number, from: number, scale: number, bound: number, count: number): void;
  /** into = from + share x (to - from). `into` may be either. */
  between(into: number, from: number, to: number, share: number, count: number): void;
  /**
   * Adds the squares of a part of a tensor to sums of blocks, and gives back how many blocks are complete: see
   * `assembly/norm.ts`. `isEnd` is 1 for the last part.
   */
  addToBlocks(
    pointer: number,
    count: number,
    start: number,
    lanes: number,
    sums: number,
    isEnd: number,
  ): number;
}

/** What {@link Kernels.addChecked} saw: whether anything was NaN or infinite. */
export interface CheckedSum {
  readonly isRightFinite: boolean;
  readonly isSumFinite: boolean;
}

/** What `assembly/kernels.ts` exports, as JavaScript sees it. */
interface KernelExports
  extends
    Omit<Kernels, NamedKernel | 'addChecked' | 'isFinite'>,
    Readonly<Record<NamedKernel, (...operands: readonly number[]) => void>> {
  addChecked(into: number, left: number, right: number, count: number): number;
  isFinite(pointer: number, count: number): number;
}

let compiled: WasmModule | undefined;

/** Binds the kernels to a memory. The code is compiled once a thread, at the first call (about 1 ms). */
export function createKernels(memory: SharedMemory): Kernels {
  compiled ??= new webAssembly.Module(decodeBase64(kernelsWasm));
  const instance = new webAssembly.Instance(compiled, { env: { memory } });
  const exports = instance.exports as unknown as KernelExports;
  const { add, addChecked, addScaled, addToBlocks, between, clamped, copy, isFinite, scaled } =
    exports;
  return Object.freeze({
    ...{ add, addScaled, addToBlocks, between, clamped, copy, scaled },
    ...nameOperands(exports),
    addChecked: (into: number, left: number, right: number, count: number) => {
      const bits = addChecked(into, left, right, count);
      return { isRightFinite: (bits & 1) !== 0, isSumFinite: (bits & 2) !== 0 };
    },
    isFinite: (pointer: number, count: number) => isFinite(pointer, count) === 1,
  });
}
