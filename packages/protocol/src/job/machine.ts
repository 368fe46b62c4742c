import { z } from 'zod';

/** What can compute gradients. */
export const backends = ['auto', 'tensorflow', 'wasm', 'cpu'] as const;

/** A backend, or `auto` for the fastest that a worker has. */
export type BackendChoice = (typeof backends)[number];
/** Whether the same job must give the same bits. */
export type ReproducibilityChoice = 'bitwise' | 'none';
/** What becomes of a step whose gradient is not finite. */
export type NonFiniteChoice = 'fail' | 'skip';

/** Check of a backend. */
export const backendSchema: z.ZodType<BackendChoice> = z.enum(backends);
/** Check of the reproducibility asked for. */
export const reproducibilitySchema: z.ZodType<ReproducibilityChoice> = z.enum(['bitwise', 'none']);
/** Check of what happens to a step that is not finite. */
export const nonFiniteSchema: z.ZodType<NonFiniteChoice> = z.enum(['fail', 'skip']);
