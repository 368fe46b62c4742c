/**
 * Everything that two processes of a run say to each other, each with the sentence a peer would say.
 *
 * A message travels as one msgpack value `[code, header]`, or `[code, header, payload]` when it carries
 * the numbers of a bucket. The header has exactly the fields listed here (and over plain TCP a checksum,
 * `codec/checksum.ts`): a field that is missing, unknown or of another type is an error (`fields.ts` has
 * the types; `?` marks a field that may be absent). TypeScript's types and the checks on arrival are both made from these two tables.
 *
 * The words: a *step* t turns the parameters of version t into version t + 1. Its batch is cut into
 * microbatches; a worker computes those of its *lease*, adds their gradients along a fixed tree, and
 * sends each *node* (level, index) of that tree bucket by bucket. Ranges are [first, end).
 */
import type { HeaderOf } from './fields.ts';

/** What a worker says to a parameter server. */
export const workerMessages = {
  hello: {
    code: 1,
    says: 'I speak this version of the protocol and would like to work; I hold this session if I was here before.',
    fields: {
      protocol: 'count',
      name: 'text',
      pid: 'count',
      host: 'text',
      session: 'text?',
      backends: 'texts?',
    },
  },
  layout: {
    code: 2,
    says: 'I built the model and the data from your settings: these are their tensors, counts and digests, and what people should hear of them.',
    fields: {
      tensors: 'tensors',
      topology: 'json|null',
      splits: 'splits',
      scalars: 'texts',
      initialDigest: 'digest',
      probe: 'digest',
      settings: 'settings',
      backend: 'backend',
      fingerprint: 'text',
      level: 'level',
      notices: 'texts?',
    },
  },
  initial: {
    code: 3,
    says: 'Here is this bucket of the initial weights that you asked for.',
    fields: { bucket: 'count', dtype: 'dtype', length: 'count' },
    payload: true,
  },
  node: {
    code: 4,
    says: 'Here is the sum of the gradients below this tree node of this step, for this bucket.',
    fields: {
      term: 'count',
      step: 'count',
      level: 'count',
      index: 'count',
      bucket: 'count',
      dtype: 'dtype',
      length: 'count',
    },
    payload: true,
  },
  evaluated: {
    code: 5,
    says: 'Here are the summed loss and metric counts below this node of the evaluation of this version.',
    fields: {
      term: 'count',
      version: 'count',
      level: 'count',
      index: 'count',
      dtype: 'dtype',
      length: 'count',
    },
    payload: true,
  },
  heartbeat: {
    code: 6,
    says: 'I am alive, in this phase of this step, busy for about so long; a microbatch takes me about so much.',
    fields: { phase: 'phase', step: 'count', busyMs: 'count|null', leafMicros: 'count|null' },
  },
  fault: {
    code: 7,
    says: 'I failed in this way and cannot go on; here is the end of my log.',
    fields: { code: 'text', message: 'text', log: 'text' },
  },
  goodbye: {
    code: 8,
    says: 'I am leaving on purpose; give my work to others.',
    fields: { reason: 'text' },
  },
} as const;

/** What a parameter server says to a worker. */
export const serverMessages = {
  welcome: {
    code: 16,
    says: 'Welcome: this is the run, your session, all settings, and the limits that we both keep.',
    fields: {
      run: 'text',
      term: 'count',
      session: 'text',
      name: 'text',
      settings: 'settings',
      declared: 'settings',
      source: 'source',
      backend: 'backend',
      threads: 'count',
      bucketBytes: 'count',
      version: 'count',
      limits: 'limits',
    },
  },
  upload: {
    code: 17,
    says: 'Send me your initial weights; you are the one who starts the run.',
    fields: {},
  },
  snapshot: {
    code: 18,
    says: 'Here is this bucket of the parameters at this version, for you who just came.',
    fields: { version: 'count', bucket: 'count', dtype: 'dtype', length: 'count' },
    payload: true,
  },
  lease: {
    code: 19,
    says: 'From this step on, and until I say otherwise, these microbatches are yours.',
    fields: { fromStep: 'count', first: 'count', end: 'count' },
  },
  assign: {
    code: 20,
    says: 'Compute these microbatches of this step as well, now.',
    fields: { step: 'count', first: 'count', end: 'count' },
  },
  parameters: {
    code: 21,
    says: 'This bucket is now at this version; I have all that I need of it from the step before.',
    fields: { version: 'count', bucket: 'count', dtype: 'dtype', length: 'count' },
    payload: true,
  },
  credit: {
    code: 22,
    says: 'You may send me this many more bytes of nodes.',
    fields: { bytes: 'count' },
  },
  evaluate: {
    code: 23,
    says: 'Evaluate these blocks of the test split at this version.',
    fields: { version: 'count', first: 'count', end: 'count' },
  },
  pause: {
    code: 24,
    says: 'Do not start this step before you hear from me again.',
    fields: { step: 'count' },
  },
  stop: {
    code: 25,
    says: 'Finish what you are computing, say goodbye and leave.',
    fields: { reason: 'text' },
  },
  refuse: {
    code: 26,
    says: 'I cannot work with you, for this reason.',
    fields: { code: 'text', message: 'text' },
  },
  finished: {
    code: 27,
    says: 'The run is over; there is nothing left to compute.',
    fields: { status: 'status', steps: 'count' },
  },
  average: {
    code: 28,
    says: 'Here is this bucket of the averaged parameters at this version: evaluate on them.',
    fields: { version: 'count', bucket: 'count', dtype: 'dtype', length: 'count' },
    payload: true,
  },
} as const;

/** The two sides of a connection. */
export type Side = 'worker' | 'server';

type Definitions = typeof workerMessages & typeof serverMessages;

/** Name of a message. */
export type MessageKind = keyof Definitions;

/** Names of the messages that carry the numbers of a bucket. */
export type TensorKind = {
  [K in MessageKind]: Definitions[K] extends { readonly payload: true } ? K : never;
}[MessageKind];

/** A message without its payload: what travels in the header, and its kind. */
export type HeaderOfKind<K extends MessageKind> = {
  [Each in K]: { readonly kind: Each } & HeaderOf<Definitions[Each]['fields']>;
}[K];

/**
 * A message as it arrives, for example `MessageOf<'lease'>`. The payload of a tensor message is a view
 * of the frame at any alignment, in little-endian order: copy its bytes, never lay a typed array over it.
 */
export type MessageOf<K extends MessageKind> = {
  [Each in K]: HeaderOfKind<Each> &
    (Each extends TensorKind ? { readonly payload: Uint8Array } : unknown);
}[K];

/** Header of a tensor message. */
export type TensorHeader = HeaderOfKind<TensorKind>;

/** Any message without payload. */
export type ControlMessage = HeaderOfKind<Exclude<MessageKind, TensorKind>>;

/** Any message that a worker sends. */
export type WorkerMessage = MessageOf<keyof typeof workerMessages>;

/** Any message that a server sends. */
export type ServerMessage = MessageOf<keyof typeof serverMessages>;
