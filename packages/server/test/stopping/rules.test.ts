import type { EarlyStoppingSettings } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { nothingSoFar, observeBest } from '../../src/stopping/early-stopping.ts';
import type { BestSoFar } from '../../src/stopping/early-stopping.ts';
import { noConvergence, observeChange } from '../../src/stopping/convergence.ts';
import type { Convergence } from '../../src/stopping/convergence.ts';
import { judge } from '../../src/stopping/rules.ts';
import type { Reached } from '../../src/stopping/rules.ts';

const reached: Reached = {
  version: 10,
  totalSteps: Infinity,
  summary: { loss: 0.5, metrics: { accuracy: 0.9 } },
  convergence: noConvergence,
  best: nothingSoFar,
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
    const converged = { of: 'loss', tolerance: 0.01, windowSteps: 3 } as const;
    const after = (calmSteps: number): Reached => ({
      ...reached,
      convergence: { ...noConvergence, smoothed: 1, calmSteps },
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

describe('observeChange', () => {
  const settings = { of: 'loss', tolerance: 0.1, windowSteps: 3 } as const; // the newest counts a half
  const after = (...losses: readonly number[]): Convergence =>
    losses.reduce((known, loss) => observeChange(known, loss, settings), noConvergence);

  it('smooths the loss, and counts the steps in which that changed little', () => {
    expect(after(8)).toEqual({ of: 'loss', smoothed: 8, calmSteps: 0 });
    expect(after(8, 4)).toEqual({ of: 'loss', smoothed: 6, calmSteps: 0 });
    expect(after(8, 4, 5)).toEqual({ of: 'loss', smoothed: 5.5, calmSteps: 1 });
    expect(after(8, 4, 5, 5)).toEqual({ of: 'loss', smoothed: 5.25, calmSteps: 2 });
    expect(after(8, 4, 5, 5, 0)).toEqual({ of: 'loss', smoothed: 2.625, calmSteps: 0 });
  });

  it('begins anew behind a loss that is not finite', () => {
    expect(after(8, 8, Number.NaN)).toEqual(noConvergence);
    expect(after(8, 8, Infinity, 4)).toEqual({ of: 'loss', smoothed: 4, calmSteps: 0 });
  });

  it('begins anew when another value is watched', () => {
    const norm = observeChange(after(8, 8, 8), 3, { ...settings, of: 'gradientNorm' });
    expect(norm).toEqual({ of: 'gradientNorm', smoothed: 3, calmSteps: 0 });
  });

  it('is calm at a loss of zero that stays', () => {
    expect(after(0, 0, 0).calmSteps).toBe(2);
  });
});

describe('early stopping', () => {
  const settings: EarlyStoppingSettings = {
    ...({ metric: 'accuracy', mode: 'max', minChange: 0.01 } as const),
    ...{ patience: 2, restoreBest: true },
  };
  const after = (values: readonly number[], how: EarlyStoppingSettings = settings): BestSoFar =>
    values.reduce<BestSoFar>(
      (best, accuracy, i) =>
        observeBest(
          best,
          { step: 10 * (i + 1), summary: { loss: -i, metrics: { accuracy } } },
          how,
        ),
      nothingSoFar,
    );

  it('ends when the metric was not better by enough, so many times in a row', () => {
    const best = after([0.5, 0.6, 0.605, 0.61]);
    expect(best).toMatchObject({ best: 0.6, step: 20, waited: 2 });
    expect(judge({ earlyStopping: settings }, { ...reached, best })).toEqual({
      by: 'earlyStopping',
      reason: 'accuracy has not been better than 0.6 (step 20) in 2 evaluations',
    });
    const sooner = { ...reached, best: after([0.5, 0.6, 0.605, 0.7, 0.7]) };
    expect(judge({ earlyStopping: settings }, sooner)).toBeUndefined();
  });

  it('knows all that was found of the best', () => {
    const { summary } = after([0.5, 0.6, 0.55]);
    expect(summary).toEqual({ loss: -1, metrics: { accuracy: 0.6 } });
  });

  it('begins anew when something else is watched than before', () => {
    const loss = { ...settings, metric: 'loss', mode: 'min' } as const;
    const summary = { loss: 3, metrics: {} };
    const best = observeBest(after([0.5, 0.4]), { step: 30, summary }, loss);
    expect(best).toMatchObject({ best: 3, step: 30, waited: 0, of: 'min loss' });
  });

  it('waits for the first number, and counts what is none', () => {
    expect(after([NaN, NaN])).toMatchObject({ best: undefined, step: undefined, waited: 2 });
    expect(after([NaN, 0.1])).toMatchObject({ best: 0.1, step: 20, waited: 0 });
  });
});
