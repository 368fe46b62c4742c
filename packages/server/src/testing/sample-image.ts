import type { MessageOf } from '@paceline/protocol';
import { jobHash, parseJob } from '@paceline/protocol';
import { hashLayout } from '../checkpoint/hash-layout.ts';
import type { CheckpointImage, CheckpointSections } from '../checkpoint/storage.ts';

/** What may differ between two samples. */
export interface SampleOptions {
  readonly step: number;
  /** Default 1. */
  readonly term?: number;
  /** Default 42; another seed is another job. */
  readonly seed?: number;
  /** Default: a Sequential without layers. */
  readonly topology?: object | null;
  readonly sections?: CheckpointSections;
  /** Values of the frozen tensor, which comes last. Default 2. */
  readonly frozen?: number;
}

const digest = '0123456789abcdef'.repeat(4);

/** A checkpoint of 5 trainable values, 1 of state and 2 frozen, with one slot: each number tells where it belongs. */
export function createSampleImage(o: SampleOptions): CheckpointImage {
  const { settings } = parseJob(
    { name: 'sample', model: () => undefined, loss: 'meanSquaredError', data: { type: 'linear' } },
    { set: [`seed=${String(o.seed ?? 42)}`] },
  );
  const topology = { class_name: 'Sequential', config: { layers: [] } };
  const layout: MessageOf<'layout'> = {
    kind: 'layout',
    tensors: [
      { name: 'scalars', shape: [2], section: 'scalars' },
      { name: 'kernel', shape: [2, 2], section: 'trainable' },
      { name: 'mean', shape: [1], section: 'state' },
      { name: 'bias', shape: [], section: 'trainable' },
      { name: 'frozen', shape: [o.frozen ?? 2], section: 'frozen' },
    ],
    topology: o.topology === undefined ? topology : o.topology,
    splits: { train: { examples: 22, digest } },
    scalars: ['weight', 'loss'],
    initialDigest: digest,
    probe: digest,
    settings,
    backend: 'wasm',
    fingerprint: 'wasm 4.22.0',
    level: 'portable',
  };
  const facts = {
    run: 'b6b9a1d2-0000-4000-8000-000000000000',
    term: o.term ?? 1,
    step: o.step,
    seed: settings.seed,
    jobHash: jobHash(settings),
    settings,
    layout,
    layoutHash: hashLayout(layout),
    createdAtMs: Date.UTC(2026, 7, 30) + o.step,
  };
  const parameters = countFrom(o.step, 6 + (o.frozen ?? 2));
  const slots = { momentum: countFrom(-o.step, 5) };
  return { facts, parameters, slots, sections: o.sections ?? { schedule: { warmUp: [o.step] } } };
}

function countFrom(first: number, length: number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length }, (_, i) => first + i).buffer);
}
