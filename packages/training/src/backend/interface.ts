import type { Tensor } from '@tensorflow/tfjs';

/** The module object of TensorFlow.js; there is one per process, whatever the backend. */
export type TensorFlow = typeof import('@tensorflow/tfjs');

/** `tensorflow` is native TensorFlow through tfjs-node, `wasm` is XNNPACK, `cpu` is plain JavaScript. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

/** What a job may ask for; `auto` takes native TensorFlow where it works, and wasm elsewhere. */
export type BackendChoice = 'auto' | BackendName;

/** Where the same job gives the same bits: on any CPU, or on machines with the same fingerprint. */
export type BitwiseLevel = 'machine' | 'portable';

/** A loaded, checked and repaired TensorFlow.js backend. */
export interface Backend {
  readonly name: BackendName;
  /** TensorFlow.js with this backend set. Only the backend opened last is in effect. */
  readonly tf: TensorFlow;
  /** All that decides the bits this backend computes, in words that two people can compare. */
  readonly fingerprint: string;
  readonly level: BitwiseLevel;
  /**
   * A tensor of `shape` with the numbers of `values` (which may lie in a SharedArrayBuffer).
   *
   * `tensorflow` reads `values` at the tensor's first use, so they must stay as they are until then;
   * the other backends copy them at once.
   */
  fromFlat(values: Float32Array, shape: readonly number[]): Tensor;
}

/** What `openBackend` may be told besides which backend. */
export interface OpenBackendOptions {
  /** Threads inside one operation. They change bits on `tensorflow`; the others always use one. */
  readonly threads: number;
  /** Hears, a line at a time, what the user should know, such as why `auto` fell back to wasm. */
  readonly onNotice?: (line: string) => void;
}
