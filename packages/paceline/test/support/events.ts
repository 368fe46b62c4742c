import type { EndEvent, RunEvent, StartEvent, StepEvent } from '@paceline/protocol';

/** Events as a server sends them, with the fields that a test does not care about filled in. */
export const start: StartEvent = {
  type: 'start',
  job: 'mnist-mlp',
  parameters: 101_770,
  microbatches: 8,
  totalSteps: 200,
  backend: 'wasm',
  reproducibility: 'portable',
  url: 'ws+unix:///tmp/p/server.sock:/',
};

export function step(number: number, more: Partial<StepEvent> = {}): StepEvent {
  return {
    type: 'step',
    step: number,
    epoch: 0,
    loss: 0.3101,
    metrics: { accuracy: 0.9102 },
    examplesPerSecond: 12_345,
    learningRate: 0.001,
    workers: 2,
    ...more,
  };
}

export const evaluation: RunEvent = {
  type: 'evaluation',
  step: 200,
  loss: 0.0812,
  metrics: { accuracy: 0.9765 },
};

export const end: EndEvent = {
  type: 'end',
  status: 'finished',
  steps: 200,
  loss: 0.05,
  metrics: { accuracy: 0.9765 },
  weightsSha256: 'ab'.repeat(32),
  examplesPerSecond: 12_001,
  wallSeconds: 17.2,
  goodput: {
    compute: 1,
    exchange: 0,
    wait: 0,
    recomputed: 0,
    evaluation: 0,
    checkpoint: 0,
    down: 0,
    other: 0,
  },
  model: 'runs/a/model',
};
