import type { BackendName } from '../backend/interface.ts';

/**
 * What is the matter with a gradient: `wrong` numbers without a word, `missing` (no kernel or no
 * gradient function), or `failed` with an error of its own (the `cause`).
 */
export type GradientFault = 'wrong' | 'missing' | 'failed';

export interface UnsupportedGradient {
  /** The operation, by the name of its kernel. */
  readonly op: string;
  /** The layer that uses it; undefined in a loss, or in a model that is a function. */
  readonly layer: string | undefined;
  readonly backend: BackendName;
  readonly fault: GradientFault;
  /** What is wrong, as the end of a sentence about the operation. */
  readonly reason: string;
  /** What the user can do. */
  readonly advice: string;
}

/** A model cannot be trained on this backend, because one of its operations has no right gradient. */
export class UnsupportedGradientError extends Error implements UnsupportedGradient {
  readonly code = 'unsupported-gradient';
  readonly op: string;
  readonly layer: string | undefined;
  readonly backend: BackendName;
  readonly fault: GradientFault;
  readonly reason: string;
  readonly advice: string;

  constructor(gradient: UnsupportedGradient, options?: ErrorOptions) {
    const { op, layer, reason, advice } = gradient;
    const who = layer === undefined ? 'The model or its loss' : `Layer "${layer}"`;
    super(`${who} uses ${op}, ${reason}; ${advice}.`, options);
    this.name = 'UnsupportedGradientError';
    this.op = op;
    this.layer = layer;
    this.backend = gradient.backend;
    this.fault = gradient.fault;
    this.reason = reason;
    this.advice = advice;
  }
}
