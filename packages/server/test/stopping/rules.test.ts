import { describe, expect, it } from 'vitest';

import { noConvergence, observeLoss } from '../../src/stopping/convergence.ts';
import type { Convergence } from '../../src/stopping/convergence.ts';
import { judge } from '../../src/stopping/rules.ts';
import type { Reached } from '../../src/stopping/rules.ts';

const reached: Reached = {
  version: 10,
  totalSteps: Infinity,
  summary: { loss: 0.5, metrics: { accuracy: 0.9 } },
  convergence: noConvergence,
  trainedMs: 5000,
};

describe('judge', () => {
  it('ends at the last step, and says whether steps or epochs set it', () => {
    const last = { ...reached, totalSteps: 10 };
    expect(judge({ steps: 10, epochs: 9 }, last)?.by).toBe('steps');
    expect(judge({ steps: 11, epochs: 2 }, last)?.by).toBe('epochs');
    expect(judge({ steps: 11 }, { ...reached, totalSteps: 11 })).toBeUndefined();
  });

  it('ends when a value is reached, and not by one that is not known yet', () => {
    const target = { metric: 'accuracy', atLeast: 0.9 };
    expect(judge({ target }, reached)).toEqual({
      by: 'target',
      reason: 'accuracy is 0.9: at least 0.9',
    });
    expect(judge({ target: { ...target, atLeast: 0.91 } }, reached)).toBeUndefined();
    expect(judge({ target }, { ...reached, summary: undefined })).toBeUndefined();
    const nothing = { loss: Number.NaN, metrics: { accuracy: Number.NaN } };
    expect(judge({ target }, { ...reached, summary: nothing })).toBeUndefined();
  });

  it('ends when the loss is small enough', () => {
    const reason = 'loss is 0.5: at most 0.5';
    expect(judge({ target: { metric: 'loss', atMost: 0.5 } }, reached)?.reason).toBe(reason);
    expect(judge({ target: { metric: 'loss', atMost: 0.4 } }, reached)).toBeUndefined();
  });

  it('ends when the time is over', () => {
    expect(judge({ seconds: 5 }, reached)?.by).toBe('seconds');
    expect(judge({ seconds: 5.001 }, reached)).toBeUndefined();
  });

  it('ends when the loss was calm for long enough', () => {
    const converged = { tolerance: 0.01, windowSteps: 3 };
    const after = (calmSteps: number): Reached => ({
      ...reached,
      convergence: { smoothedLoss: 1, calmSteps },
    });
    expect(judge({ converged }, after(2))).toBeUndefined();
    expect(judge({ converged }, after(3))).toEqual({
      by: 'converged',
      reason: 'the loss has changed by 0.01 of it at most, in each of 3 steps',
    });
  });

  it('goes on while no rule says otherwise', () => {
    expect(judge({ steps: 11, seconds: 9, target: { metric: 'loss', atMost: 0 } }, reached)).toBe(
      undefined,
    );
  });
});

describe('observeLoss', () => {
  const settings = { tolerance: 0.1, windowSteps: 3 }; // the newest counts a half
  const after = (...losses: readonly number[]): Convergence =>
    losses.reduce((known, loss) => observeLoss(known, loss, settings), noConvergence);

  it('smooths the loss, and counts the steps in which that changed little', () => {
    expect(after(8)).toEqual({ smoothedLoss: 8, calmSteps: 0 });
    expect(after(8, 4)).toEqual({ smoothedLoss: 6, calmSteps: 0 });
    expect(after(8, 4, 5)).toEqual({ smoothedLoss: 5.5, calmSteps: 1 });
    expect(after(8, 4, 5, 5)).toEqual({ smoothedLoss: 5.25, calmSteps: 2 });
    expect(after(8, 4, 5, 5, 0)).toEqual({ smoothedLoss: 2.625, calmSteps: 0 });
  });

  it('begins anew behind a loss that is not finite', () => {
    expect(after(8, 8, Number.NaN)).toEqual(noConvergence);
    expect(after(8, 8, Infinity, 4)).toEqual({ smoothedLoss: 4, calmSteps: 0 });
  });

  it('is calm at a loss of zero that stays', () => {
    expect(after(0, 0, 0).calmSteps).toBe(2);
  });
});
