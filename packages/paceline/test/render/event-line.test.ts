import type { RunEvent } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { eventLine } from '../../src/render/event-line.ts';
import { emptyRunView, nextRunView } from '../../src/render/run-view.ts';
import { summaryLines } from '../../src/render/summary.ts';
import { end, evaluation, start, step } from '../support/events.ts';

const suspected: RunEvent = {
  type: 'worker',
  event: 'suspected',
  worker: 'w1',
  pid: 7,
  reason: 'silent for 30 s',
};

describe('lines that stay', () => {
  it('say what is trained, and how far its bits carry', () => {
    expect(eventLine(start, 'brief')).toBe(
      'mnist-mlp: 101,770 parameters, 8 microbatches a step, backend wasm, reproducible to the bit (portable)',
    );
    expect(eventLine({ ...start, reproducibility: 'none' }, 'brief')).toContain(
      'not reproducible to the bit',
    );
  });

  it('say that a run goes on, and after which step', () => {
    expect(eventLine({ ...start, resumedAt: 1200 }, 'brief')).toMatch(
      /^mnist-mlp: goes on after step 1,200, 101,770 parameters, /,
    );
  });

  it('say how many workers there are to be, and what became of the server', () => {
    expect(eventLine({ type: 'scale', workers: 3 }, 'brief')).toBe('the run is to have 3 workers');
    const server = { type: 'server', shard: 0, pid: 1 } as const;
    expect(eventLine({ ...server, event: 'crashed', reason: 'it fell' }, 'brief')).toBe(
      'server crashed: it fell',
    );
    expect(eventLine({ ...server, event: 'restarted' }, 'brief')).toBe('server restarted');
  });

  it('say evaluations and faults', () => {
    expect(eventLine(evaluation, 'brief')).toBe('step 200: test loss 0.0812, accuracy 97.65 %');
    expect(eventLine({ type: 'fault', kind: 'disk', detail: 'it is full' }, 'brief')).toBe(
      'disk: it is full',
    );
  });

  it('leave steps to the progress line, and the end to the summary', () => {
    expect(eventLine(step(1), 'full')).toBeUndefined();
    expect(eventLine(end, 'full')).toBeUndefined();
  });

  it('are brief about what is expected, and never about what is not', () => {
    expect(eventLine({ ...suspected, event: 'joined' }, 'brief')).toBeUndefined();
    expect(eventLine(suspected, 'brief')).toBe('worker w1 suspected (pid 7): silent for 30 s');
    expect(eventLine({ type: 'checkpoint', step: 5, path: 'c' }, 'brief')).toBeUndefined();
    expect(eventLine({ type: 'checkpoint', step: 5, path: 'c' }, 'full')).toBe(
      'checkpoint of step 5: c',
    );
    const started: RunEvent = {
      type: 'server',
      event: 'started',
      shard: 0,
      pid: 1,
      url: 'ws://h:1',
    };
    expect(eventLine(started, 'brief')).toBeUndefined();
    expect(eventLine(started, 'full')).toBe('server started at ws://h:1');
  });
});

describe('the summary', () => {
  const view = [evaluation, end].reduce((v, event) => nextRunView(v, event, 0), emptyRunView);

  it('says result, speed, where the model is, and its hash', () => {
    expect(summaryLines(view)).toEqual([
      'Finished 200 steps in 17 s',
      '  test     accuracy 97.65 %, loss 0.0812',
      '  train    loss 0.0500',
      '  speed    12,001 examples/s',
      '  model    runs/a/model',
      `  weights  sha256 ${'ab'.repeat(32)}`,
    ]);
  });

  it('says which rule ended a run early, and whose weights it gives', () => {
    const of = (more: Partial<typeof end>): readonly string[] =>
      summaryLines({ ...view, end: { ...end, ...more } }).slice(1, 3);
    expect(of({ endedBy: 'steps' })[1]).toMatch(/^ {2}train/);
    expect(of({ endedBy: 'converged' })[1]).toBe('  ended    as it had converged');
    const found = { type: 'evaluation', metrics: { accuracy: 0.9765 } } as const;
    const best = nextRunView(view, { ...found, step: 1200, loss: 0.01 }, 0);
    const last = nextRunView(best, { ...found, step: 1300, loss: 0.02 }, 0);
    const early = { ...end, endedBy: 'earlyStopping', bestStep: 1200 } as const;
    expect(summaryLines({ ...last, end: early }).slice(1, 3)).toEqual([
      '  test     accuracy 97.65 %, loss 0.0100',
      '  ended    early, as nothing became better any more; the weights are those of step 1,200',
    ]);
  });

  it('does not call an interrupted or failed run finished', () => {
    const headline = (status: 'interrupted' | 'failed'): string | undefined =>
      summaryLines({ ...view, end: { ...end, status, steps: 1 } })[0];
    expect(headline('interrupted')).toBe('Interrupted after 1 step in 17 s');
    expect(headline('failed')).toBe('Failed after 1 step in 17 s');
    expect(summaryLines(emptyRunView)).toEqual([]);
  });
});
