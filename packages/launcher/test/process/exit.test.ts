import { describe, expect, it } from 'vitest';

import { describeExit } from '../../src/process/exit-words.ts';
import { isCrash } from '../../src/process/exit.ts';

const quiet = { code: null, signal: null, lastLines: [] };

describe('how a process ended, in words', () => {
  it('is its code, its signal, or why it could not be started', () => {
    expect(describeExit({ ...quiet, code: 2 })).toBe('exited with code 2 (bad usage or job)');
    expect(describeExit({ ...quiet, code: 9 })).toBe('exited with code 9');
    expect(describeExit({ ...quiet, signal: 'SIGSEGV' })).toBe('was ended by SIGSEGV');
    expect(describeExit({ ...quiet, spawnError: 'ENOENT' })).toBe('could not be started: ENOENT');
  });

  it.each([
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'fork: Cannot allocate memory',
    'OOM when allocating tensor with shape[1024,1024]',
    'RangeError: Array buffer allocation failed',
  ])('quotes the line that speaks of memory: %s', (line) => {
    const exit = { code: null, signal: 'SIGABRT', lastLines: ['before', `  ${line}`, 'after'] };
    expect(describeExit(exit)).toBe(
      `was ended by SIGABRT; it seems to have run out of memory ("${line}")`,
    );
  });

  it('suspects memory when it was killed and nobody here did it', () => {
    const words = /; the system may have run out of memory \(paceline did not kill it; /;
    expect(describeExit({ ...quiet, signal: 'SIGKILL' })).toMatch(words);
    expect(describeExit({ ...quiet, code: 137 })).toMatch(words);
    expect(describeExit({ ...quiet, signal: 'SIGTERM' })).not.toMatch(words);
    expect(describeExit({ code: 0, signal: null, lastLines: ['no oom'] })).toBe(
      'exited with code 0',
    );
  });
});

describe('a crash', () => {
  it('is any end but a clean one, our own verdicts, and a program that is not there', () => {
    expect([0, 2, 3, 4, 130, 143].filter((code) => isCrash({ ...quiet, code }))).toEqual([]);
    expect([1, 7, 134, 137].every((code) => isCrash({ ...quiet, code }))).toBe(true);
    expect(isCrash({ ...quiet, signal: 'SIGTERM' })).toBe(true);
    expect(isCrash({ ...quiet, spawnError: 'ENOENT' })).toBe(false);
  });
});
