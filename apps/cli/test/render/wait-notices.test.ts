import { describe, expect, it } from 'vitest';

import { createWaitNotices } from '../../src/render/wait-notices.ts';

const log = '12:00:01.250 info  server: ';
const slow = 'waiting for w2 (compute) for 10.3 s; microbatches 4..7 of step 3 are assigned again';

describe('waits in the log of the server', () => {
  it('are shown without the head of the line, once', () => {
    const waits = createWaitNotices();
    expect(waits.hear(`${log}${slow}`)).toEqual([slow]);
    expect(waits.hear(`${log}${slow.replace('10.3', '20.3')}`)).toEqual([]);
    expect(waits.hear(`${log}${slow.replace('w2', 'w1')}`)).toHaveLength(1);
    expect(waits.hear(`${log}${slow.replace('compute', 'send')}`)).toHaveLength(1);
  });

  it('are news again after a step was done', () => {
    const waits = createWaitNotices();
    waits.hear(slow);
    waits.see({ type: 'checkpoint', step: 3, path: 'c' });
    expect(waits.hear(slow)).toEqual([]);
    const metrics = {};
    waits.see({
      type: 'step',
      step: 4,
      epoch: 0,
      loss: 1,
      metrics,
      examplesPerSecond: 1,
      learningRate: 0.1,
      workers: 1,
    });
    expect(waits.hear(slow)).toEqual([slow]);
  });

  it('are told from the rest of the log', () => {
    const waits = createWaitNotices();
    expect(waits.hear(`${log}w2 joined`)).toEqual([]);
    expect(waits.hear('waiting for the operator (hold) for 10.0 s; it goes on')).toEqual([]);
    expect(waits.hear('waiting for the server to answer for 10 s; giving up after 60 s')).toEqual(
      [],
    );
  });
});
