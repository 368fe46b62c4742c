import type { CheckpointReport } from 'paceline/programs';
import { expect, test } from 'vitest';

import { inspectionLines, verdictLine } from '../../src/render/checkpoint-lines.ts';

const createdAtMs = Date.UTC(2026, 7, 30, 17, 45, 3);
const whole: CheckpointReport = {
  path: 'runs/a/checkpoints/step-1200',
  isValid: true,
  step: 1200,
  createdAtMs,
  bytes: 31_400,
  run: 'r1',
  jobHash: '0123456789abcdef',
};
const damaged: CheckpointReport = {
  path: 'runs/a/checkpoints/step-9',
  isValid: false,
  reason: 'manifest.json is missing',
};

test('a verdict is a line', () => {
  expect([whole, damaged].map((report) => verdictLine(report))).toEqual([
    'valid    runs/a/checkpoints/step-1200',
    'damaged  runs/a/checkpoints/step-9: manifest.json is missing',
  ]);
});

test('an inspection is a table of checkpoints and the content of the newest', () => {
  const facts = {
    ...{ run: 'r1', term: 2, step: 1200, seed: 42, jobHash: 'abc', layoutHash: 'def', createdAtMs },
    ...{ settings: { name: 'digits' } as never, backend: 'wasm' },
    ...{ fingerprint: 'wasm 4.22.0', level: 'portable' },
  };
  const tensors = [
    { name: 'dense/kernel', section: 'trainable', shape: [784, 10], bytes: 31_360 },
    { name: 'b', section: 'state', shape: [], bytes: 4 },
  ] as const;
  const sections = { schedule: { warmUp: 3 } };
  const newest = { path: whole.path, facts, tensors, slots: {}, sections };
  expect(inspectionLines({ checkpoints: [damaged, whole], newest })).toEqual([
    'checkpoints',
    '  step-9     damaged: manifest.json is missing',
    '  step-1200  2026-08-30 17:45:03 UTC  31.4 kB  valid  job 0123456789ab',
    'runs/a/checkpoints/step-1200',
    '  step     1,200',
    '  written  2026-08-30 17:45:03 UTC',
    '  run      r1, term 2',
    '  job      digits, seed 42, abc',
    '  layout   def',
    '  backend  wasm 4.22.0 (portable)',
    'tensors: 2, with 7,841 values',
    '  dense/kernel  trainable  [784, 10]  31.4 kB',
    '  b             state      []         4 B',
    'optimizer slots',
    '  none',
    'sections',
    '  schedule  {"warmUp":3}',
  ]);
});
