import { parseJob } from '@paceline/protocol';
import type { JobSettings, MessageKind, MessageOf } from '@paceline/protocol';

const digest = '0123456789abcdef'.repeat(4);

export const settings: JobSettings = parseJob({
  model: () => undefined,
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  data: { type: 'mnist' },
}).settings;

/** Little-endian bytes of Float32 numbers, written by DataView and not by a typed array. */
export function floatBytes(...numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => {
    view.setFloat32(4 * i, number, true);
  });
  return new Uint8Array(view.buffer);
}

const payload = floatBytes(1, -2, 0.5);
const tensor = { dtype: 'f32', length: 3, payload } as const;

/** One message of each kind, every field in use. */
export const samples: { readonly [K in MessageKind]: MessageOf<K> } = {
  hello: {
    kind: 'hello',
    protocol: 1,
    name: 'w1',
    pid: 4711,
    host: 'näme',
    session: 's3cret',
    backends: ['tensorflow', 'wasm'],
  },
  layout: {
    kind: 'layout',
    tensors: [
      { name: 'scalars', shape: [3], section: 'scalars' },
      { name: 'dense/kernel', shape: [784, 10], section: 'trainable' },
    ],
    topology: { class_name: 'Sequential', config: { layers: [{ units: 10, bias: null }] } },
    splits: { train: { examples: 60_000, digest }, test: { examples: 10_000, digest } },
    scalars: ['weight', 'loss', 'accuracy'],
    notices: ['training data: 1 example was left out by data.where'],
    initialDigest: digest,
    probe: digest,
    settings,
    backend: 'wasm',
    fingerprint: 'wasm 4.22.0, V8 13.6',
    level: 'portable',
  },
  initial: { kind: 'initial', bucket: 0, ...tensor },
  node: { kind: 'node', term: 1, step: 300, level: 2, index: 1, bucket: 7, ...tensor },
  evaluated: { kind: 'evaluated', term: 1, version: 235, level: 0, index: 39, ...tensor },
  heartbeat: { kind: 'heartbeat', phase: 'compute', step: 12, busyMs: 250, leafMicros: 1800 },
  fault: { kind: 'fault', code: 'out-of-memory', message: 'no room', log: 'line 1\nline 2' },
  goodbye: { kind: 'goodbye', reason: 'SIGTERM' },
  welcome: {
    kind: 'welcome',
    run: 'r1',
    term: 2,
    session: 's3cret',
    name: 'w1',
    settings,
    declared: settings,
    source: { kind: 'builtin', name: 'mnist-mlp' },
    backend: 'auto',
    threads: 1,
    bucketBytes: 1_048_576,
    version: 0,
    limits: { maxFrameBytes: 2 ** 21, creditBytes: 2 ** 33, heartbeatMs: 1000, silenceMs: 10_000 },
  },
  upload: { kind: 'upload' },
  snapshot: { kind: 'snapshot', version: 5, bucket: 3, ...tensor },
  average: { kind: 'average', version: 5, bucket: 3, ...tensor },
  lease: { kind: 'lease', fromStep: 2 ** 40, first: 0, end: 4 },
  assign: { kind: 'assign', step: 7, first: 4, end: 5 },
  parameters: { kind: 'parameters', version: 8, bucket: 3, ...tensor },
  credit: { kind: 'credit', bytes: 2 ** 33 + 1 },
  evaluate: { kind: 'evaluate', version: 235, first: 0, end: 40 },
  pause: { kind: 'pause', step: 9 },
  stop: { kind: 'stop', reason: 'scaled down' },
  refuse: { kind: 'refuse', code: 'layout', message: 'another topology' },
  finished: { kind: 'finished', status: 'finished', steps: 705 },
};

/** Hex with any white space, as bytes. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}
