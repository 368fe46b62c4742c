import type { FieldTypes } from './fields.ts';
import type { serverMessages, workerMessages } from './messages.ts';

type Definitions = typeof workerMessages & typeof serverMessages;

/** Name of a header field of some message. */
export type FieldName = {
  [K in keyof Definitions]: keyof Definitions[K]['fields'];
}[keyof Definitions];

/** What a field means, the same in every message that has it. */
export const fieldMeanings: Readonly<Record<FieldName, string>> = {
  protocol: 'version of the protocol: 1',
  name: 'name of the worker, unique in the run; `welcome` has the one the server gave',
  pid: 'process id of the worker, on its own machine',
  host: 'name of the machine of the worker',
  session: 'secret by which the server knows a worker again',
  backends: 'backends that the worker could use; absent: it does not know yet',
  tensors: 'all tensors in the order of the flat vector',
  topology: 'JSON of the LayersModel with canonical names, or null for the functional form',
  splits: 'examples and SHA-256 of the training data and, where there is any, of the test data',
  scalars: 'names of the scalars of a leaf: `weight`, `loss`, then the sums of the metrics',
  initialDigest: 'SHA-256 of the initial weights',
  probe: 'SHA-256 of the gradient of microbatch 0 of step 0 at the initial weights',
  settings: 'all settings of the job; in `layout` those of the worker’s own job',
  declared: 'the settings before the overrides of the command line',
  backend: 'what computes the gradients',
  fingerprint: 'backend and version, and what else decides its bits, in words',
  notices: 'what people should hear once of model and data: at most 32 sentences; absent: nothing',
  level:
    'in `layout` how far the bits carry; elsewhere the level of a tree node, 0 for a microbatch',
  index:
    'index of a tree node in its level: it covers microbatches [index · 2^level, (index + 1) · 2^level)',
  bucket: 'index of a bucket of the flat vector',
  dtype: 'type of the numbers in the payload',
  length: 'how many numbers the payload has',
  term: 'which life of the server this belongs to; grows with every restart from a checkpoint',
  step: 'a step: it turns the parameters of version `step` into those of version `step` + 1',
  version: 'a version of the parameters: how many steps they have behind them',
  phase: 'what the worker is doing',
  busyMs: 'how much longer it expects to be busy, in milliseconds; null: it is not busy',
  leafMicros: 'measured time of one microbatch in microseconds; null before the first',
  code: 'stable name of what went wrong',
  message: 'what went wrong, in a sentence',
  log: 'last lines of the log',
  reason: 'why, in a sentence',
  run: 'id of the run',
  source: 'where the server has its job from; with `data` or `builtin` a worker needs no job file',
  threads: 'threads that a worker computes with',
  bucketBytes: 'largest bucket',
  limits: 'what both sides keep to',
  fromStep: 'first step of the lease',
  first: 'first microbatch, or block of the test split, of a range',
  end: 'one after the last of a range',
  bytes: 'bytes of payload that may be sent in addition',
  status: 'how the run ended',
  steps: 'steps that were done',
};

/** What a value of each field type looks like. */
export const typeMeanings: Readonly<Record<keyof FieldTypes, string>> = {
  count: 'whole number from 0 to 2^53 - 1',
  text: 'string',
  texts: 'array of strings',
  digest: 'SHA-256 as 64 lower-case hex digits',
  json: 'map of plain JSON',
  dtype: '`f32`: IEEE binary32, little endian, 4 bytes',
  phase: '`load`, `data`, `compute`, `send`, `receive`, `evaluate` or `idle`',
  level: '`portable`, `machine` or `none`',
  status: '`finished`, `interrupted` or `failed`',
  backend: '`auto`, `tensorflow`, `wasm` or `cpu`',
  tensors:
    'array of {name: text, shape: array of counts, section: `scalars`, `trainable`, `state` or `frozen`}',
  splits: '{train: {examples: count, digest}, test?: the same}',
  source: '{kind: `builtin`, `data` or `file`, name: text}',
  limits: '{maxFrameBytes, creditBytes, heartbeatMs, silenceMs}, all counts',
  settings: 'the complete settings of a job, as `parseJob` makes them',
};
