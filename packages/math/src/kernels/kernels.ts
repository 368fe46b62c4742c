/**
 * Arithmetic on the memory of an arena, in WebAssembly SIMD. The sources are in `assembly/`.
 *
 * All pointers are byte addresses in that memory and multiples of 4 (64 is fastest); all counts are in floats. Nothing
 * is checked: a range outside the memory traps. Results are IEEE single precision with one rounding an operation, no
 * fused multiply-add, subnormals kept: the same bits on every machine, payloads of NaN aside.
 */
import { kernelsWasm } from './kernels.wasm.ts';
import { webAssembly } from './webassembly.ts';
import type { SharedMemory, WasmModule } from './webassembly.ts';

/** Kernels bound to one memory. They block, for about 0.1 ms a megabyte, and keep nothing. */
export interface Kernels {
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
  /** One step of stochastic gradient descent; see `optimizer/sgd.ts` for the formulas. */
  sgd(step: SgdStep): void;
}

/** What {@link Kernels.addChecked} saw: whether anything was NaN or infinite. */
export interface CheckedSum {
  readonly isRightFinite: boolean;
  readonly isSumFinite: boolean;
}

/** How the velocity enters: not at all, as the step itself (Polyak's heavy ball), or with Nesterov's look-ahead. */
export type MomentumRule = 'none' | 'heavy-ball' | 'nesterov';

/** Where the weight decay enters: not at all, in the gradient, or beside it. */
export type DecayRule = 'none' | 'coupled' | 'decoupled';

/** Operands of the sgd kernel: pointers, a count, and numbers that are rounded to Float32. */
export interface SgdStep {
  readonly momentumRule: MomentumRule;
  readonly decayRule: DecayRule;
  /** Written. Must not overlap the others, unless it is one of them exactly. */
  readonly target: number;
  readonly parameters: number;
  readonly gradient: number;
  /** Read and written; not touched when `momentumRule` is 'none'. */
  readonly velocity: number;
  readonly count: number;
  /** The gradient is multiplied by this first. */
  readonly scale: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Weight decay when coupled; learning rate x weight decay when decoupled. */
  readonly decay: number;
}

/** What `assembly/index.ts` exports, as JavaScript sees it. */
interface KernelExports {
  add(into: number, left: number, right: number, count: number): void;
  addChecked(into: number, left: number, right: number, count: number): number;
  addScaled(into: number, base: number, from: number, scale: number, count: number): void;
  copy(into: number, from: number, count: number): void;
  isFinite(pointer: number, count: number): number;
  sgd(...operands: readonly number[]): void;
}

/** The numbers that `assembly/sgd.ts` knows the rules by. */
const momentumRules: Readonly<Record<MomentumRule, number>> = {
  none: 0,
  'heavy-ball': 1,
  nesterov: 2,
};
const decayRules: Readonly<Record<DecayRule, number>> = { none: 0, coupled: 1, decoupled: 2 };

let compiled: WasmModule | undefined;

/** Binds the kernels to a memory. The code is compiled once a thread, at the first call (about 1 ms). */
export function createKernels(memory: SharedMemory): Kernels {
  compiled ??= new webAssembly.Module(decodeBase64(kernelsWasm));
  const instance = new webAssembly.Instance(compiled, { env: { memory } });
  const exports = instance.exports as unknown as KernelExports;
  const { add, addChecked, addScaled, copy, isFinite, sgd } = exports;
  return Object.freeze({
    add,
    addChecked: (into: number, left: number, right: number, count: number) => {
      const bits = addChecked(into, left, right, count);
      return { isRightFinite: (bits & 1) !== 0, isSumFinite: (bits & 2) !== 0 };
    },
    addScaled,
    copy,
    isFinite: (pointer: number, count: number) => isFinite(pointer, count) === 1,
    sgd: (step: SgdStep) => {
      sgd(
        momentumRules[step.momentumRule],
        decayRules[step.decayRule],
        step.target,
        step.parameters,
        step.gradient,
        step.velocity,
        step.count,
        step.scale,
        step.learningRate,
        step.momentum,
        step.decay,
      );
    },
  });
}

/** Not `Buffer`: this package also runs in a browser's worker. */
function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
