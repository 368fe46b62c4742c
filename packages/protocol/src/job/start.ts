import { z } from 'zod';

import { pathSchema } from './data/files.ts';
import { wholeNumber } from './values.ts';

/** A file, and what must be in it. */
export interface StartFile {
  /** Relative to the working directory. */
  readonly path: string;
  /** SHA-256 (hex) of its bytes. */
  readonly sha256: string;
}

/** With what training begins, instead of the weights of the seed and an optimizer that has done nothing. */
export interface StartSettings {
  /** The `weights.bin` of a saved model: Float32, little-endian; `tensors` says whose. Read by the workers. */
  readonly weights: StartFile & { readonly tensors: readonly StartTensor[] };
  /** Read by the server. */
  readonly optimizer?: StartOptimizer;
}

/** A tensor in the file of the weights; they lie one behind the other. */
export interface StartTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What the optimizer has done before. */
export interface StartOptimizer {
  /** How many updates: corrections of Adam count on from there. */
  readonly updates: number;
  /** State vectors by name: Float32, little-endian, of all trainable tensors in the order of the layout. */
  readonly slots: Readonly<Record<string, StartFile>>;
}

const file = {
  path: pathSchema.describe('Where the file is.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file in hex')
    .describe('SHA-256 of its bytes.'),
};

const tensor = z.strictObject({
  name: z.string().min(1),
  shape: z.array(wholeNumber(1)).max(16),
});

/** Check of what training begins with. */
export const startSchema: z.ZodType<StartSettings> = z.strictObject({
  weights: z
    .strictObject({
      ...file,
      tensors: z.array(tensor).min(1).describe('The tensors in it, one behind the other.'),
    })
    .describe('Weights to begin with.'),
  optimizer: z
    .strictObject({
      updates: wholeNumber(0).describe('Updates that were made before.'),
      slots: z
        .record(z.string(), z.strictObject(file))
        .describe('Files of state vectors, by name.'),
    })
    .exactOptional()
    .describe('State of the optimizer to begin with.'),
});
