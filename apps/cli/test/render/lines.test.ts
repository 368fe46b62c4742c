import { describe, expect, it } from 'vitest';

import { causeLines } from '../../src/render/cause-lines.ts';
import { findingLines } from '../../src/render/finding-lines.ts';
import { fitToWidth } from '../../src/render/fit.ts';
import { statusLines } from '../../src/render/status-lines.ts';

describe('the cause of a failed run', () => {
  it('is the last words of a process that crashed', () => {
    const cause = { process: 'w2', words: 'was ended by SIGSEGV', code: 3, lastLines: ['a', 'b'] };
    expect(causeLines(cause)).toEqual([
      'error: worker w2 was ended by SIGSEGV; its last words:',
      '  a',
      '  b',
    ]);
    expect(causeLines({ ...cause, lastLines: [] })).toEqual([
      'error: worker w2 was ended by SIGSEGV',
    ]);
  });

  it('is what a process said itself, without the log before it', () => {
    const lastLines = ['12:00 INFO hello', 'error: batchSize: too big', 'seed: too small'];
    expect(causeLines({ process: 'server', words: 'exited', code: 2, lastLines })).toEqual([
      'error: the parameter server exited',
      '  batchSize: too big',
      '  seed: too small',
    ]);
  });
});

describe('a finding of the doctor', () => {
  it('has its status first, and what to do below', () => {
    expect(
      findingLines({ status: 'warn', subject: 'backend', text: 'wasm', remedy: 'Run setup.' }),
    ).toEqual(['warn  backend   wasm', '                -> Run setup.']);
    expect(findingLines({ status: 'fail', subject: 'job', text: 'one\ntwo' })).toEqual([
      'fail  job       one',
      '                two',
    ]);
  });
});

describe('a line on the screen', () => {
  it('stays one line', () => {
    expect(fitToWidth('abcdef', 10)).toBe('abcdef');
    expect(fitToWidth('abcdef', 3)).toBe('abc');
    expect(fitToWidth('\u001B[1mabc\u001B[22m', 3)).toBe('\u001B[1mabc\u001B[22m');
    expect(fitToWidth('\u001B[1mabcdef\u001B[22m', 3)).toBe('abc');
    expect(fitToWidth('abc', -1)).toBe('');
  });
});

describe('the status of a run', () => {
  const status = {
    job: 'xor',
    phase: 'training',
    step: 1200,
    totalSteps: 2000,
    loss: 0.25,
    metrics: { accuracy: 0.5 },
    workers: [
      { name: 'w1', pid: 7, stage: 'active', phase: 'compute', lease: '0..3' },
      { name: 'w10', pid: 1234, stage: 'active', phase: 'idle', lease: 'none' },
    ],
    waits: ['w1 computes for 0.1 s'],
  };

  it('is a headline, a table of workers, and whom it waits for', () => {
    expect(statusLines(status)).toEqual([
      'xor: training, step 1,200 of 2,000, loss 0.2500, accuracy 50.00 %',
      '2 workers',
      '  w1   pid 7     active  compute  microbatches 0..3',
      '  w10  pid 1234  active  idle     microbatches none',
      'waits: w1 computes for 0.1 s',
    ]);
  });

  it('has the time of a microbatch where it was measured', () => {
    const workers = status.workers.slice(0, 1).map((worker) => ({ ...worker, leafMs: 1.84 }));
    expect(statusLines({ ...status, workers, waits: [] }).slice(1)).toEqual([
      '1 worker',
      '  w1  pid 7  active  compute  microbatches 0..3  1.8 ms each',
    ]);
  });

  it('leaves out what is not known yet', () => {
    const early = { ...status, totalSteps: null, loss: null, metrics: {}, workers: [], waits: [] };
    expect(statusLines({ ...early, step: 0, phase: 'forming' })).toEqual([
      'xor: forming, step 0',
      '0 workers',
    ]);
  });
});
