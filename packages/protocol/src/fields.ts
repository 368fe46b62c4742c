import type { TensorSpec } from '@paceline/math';
import { z } from 'zod';

import { backends } from './job/machine.ts';
import { settingsSchema } from './job/job.ts';
import type { JobSettings } from './job/job.ts';
import { listOf, wholeNumber } from './job/values.ts';
import { isPlainObject } from './json.ts';

/** How many examples a split of the data has, and the SHA-256 of its content. */
export interface SplitDescription {
  readonly examples: number;
  readonly digest: string;
}
/** Where the server has its job from: a built-in example, plain data, or a file with code. */
export interface JobSource {
  readonly kind: 'builtin' | 'data' | 'file';
  readonly name: string;
}
/** What both sides keep to. */
export interface Limits {
  /** Largest frame that either side accepts. */
  readonly maxFrameBytes: number;
  /** Bytes of nodes that a worker may send before the first `credit`. */
  readonly creditBytes: number;
  /** A worker says `heartbeat` at least this often. */
  readonly heartbeatMs: number;
  /** A peer of whom no byte came for so long is taken for dead. */
  readonly silenceMs: number;
}

/** The order of the flat vector. */
const sections = ['scalars', 'trainable', 'state', 'frozen'] as const;
const phases = ['load', 'data', 'compute', 'send', 'receive', 'evaluate', 'idle'] as const;
const levels = ['portable', 'machine', 'none'] as const;
const statuses = ['finished', 'interrupted', 'failed'] as const;
const dtypes = ['f32'] as const;

/** What a worker is doing. */
export type Phase = (typeof phases)[number];
/** How far the bits of a run carry: any machine, machines like this one, nowhere. */
export type ReproducibilityLevel = (typeof levels)[number];
/** How a run ended. */
export type RunStatus = (typeof statuses)[number];
/** Type of the numbers in a payload: `f32` is IEEE binary32, little endian, 4 bytes each. */
export type Dtype = (typeof dtypes)[number];

/** TypeScript's type of each field type. */
export interface FieldTypes {
  count: number;
  text: string;
  texts: readonly string[];
  digest: string;
  json: object;
  dtype: Dtype;
  phase: Phase;
  level: ReproducibilityLevel;
  status: RunStatus;
  backend: (typeof backends)[number];
  tensors: readonly TensorSpec[];
  splits: { readonly train: SplitDescription; readonly test?: SplitDescription };
  source: JobSource;
  limits: Limits;
  settings: JobSettings;
}

/** How a message says the type of a field: `count`, `count|null`, `text?`. */
export type FieldNotation = `${keyof FieldTypes}${'' | '|null' | '?'}`;

type FieldOf<N> = N extends `${infer T extends keyof FieldTypes}|null`
  ? FieldTypes[T] | null
  : N extends `${infer T extends keyof FieldTypes}?`
    ? FieldTypes[T]
    : N extends keyof FieldTypes
      ? FieldTypes[N]
      : never;

type OptionalKeys<F> = { [K in keyof F]: F[K] extends `${string}?` ? K : never }[keyof F];

/** TypeScript's type of a header with these fields. */
export type HeaderOf<F> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: FieldOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: FieldOf<F[K]>;
};

/** More tensors than any model has, and more dimensions than any tensor. */
const most = { tensors: 8_192, dimensions: 64, texts: 1024 } as const;

const count = wholeNumber(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const split = z.strictObject({ examples: count, digest });

/** The check of each field type. */
const fieldSchemas: { readonly [T in keyof FieldTypes]: z.ZodType<FieldTypes[T]> } = {
  count,
  text: z.string(),
  texts: listOf(z.string(), most.texts),
  digest,
  json: z.custom<object>(isPlainObject, 'must be an object'),
  dtype: z.enum(dtypes),
  phase: z.enum(phases),
  level: z.enum(levels),
  status: z.enum(statuses),
  backend: z.enum(backends),
  tensors: listOf(
    z.strictObject({
      name: z.string(),
      shape: listOf(count, most.dimensions),
      section: z.enum(sections),
    }),
    most.tensors,
  ),
  splits: z.strictObject({ train: split, test: split.exactOptional() }),
  source: z.strictObject({ kind: z.enum(['builtin', 'data', 'file']), name: z.string() }),
  limits: z.strictObject({
    maxFrameBytes: count,
    creditBytes: count,
    heartbeatMs: count,
    silenceMs: count,
  }),
  settings: settingsSchema,
};

/** The check of a field by its notation. */
export function schemaOf(notation: FieldNotation): z.ZodType {
  if (notation.endsWith('?')) return fieldSchemas[baseType(notation)].exactOptional();
  if (notation.endsWith('|null')) return fieldSchemas[baseType(notation)].nullable();
  return fieldSchemas[baseType(notation)];
}

/** The field type that a notation is made of. */
function baseType(notation: FieldNotation): keyof FieldTypes {
  return notation.replace(/(\|null|\?)$/, '') as keyof FieldTypes;
}
