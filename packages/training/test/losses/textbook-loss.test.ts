import type { LayersModel } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Backend, TensorFlow } from '../../src/backend/interface.ts';
import { createLoss } from '../../src/losses/registry.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';
import { cpuBackend } from '../support/backend.ts';
import { jobOf, tensorOf } from '../support/jobs.ts';
import { relativeDifference, sumOfLeaves } from '../support/training.ts';

const x = [
  [1, 2],
  [3, 4],
];
const y = [[1], [0]];

const model = (tf: TensorFlow): LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 3,
        useBias: false,
        inputShape: [2],
        kernelInitializer: 'randomNormal',
        name: 'linear',
      }),
    ],
  });

const prepare = (backend: Backend, labels: readonly (readonly number[])[]): Promise<PreparedJob> =>
  prepareJob(
    backend,
    jobOf(
      { loss: 'halfMeanSquaredError', data: { type: 'arrays', train: { x, y: labels } } },
      { model },
    ),
  );

/** L = 1/(2n) sum |x W - y|^2 and its gradient 1/n x^T (x W - y), y for each output; plain JavaScript, no tensors. */
function closedForm(weights: Float32Array): { loss: number; gradient: number[] } {
  const errors = x.map((row, i) =>
    [0, 1, 2].map((output) => {
      const dot = row.reduce((sum, value, k) => sum + value * (weights[k * 3 + output] ?? 0), 0);
      return dot - (y[i]?.[0] ?? 0);
    }),
  );
  const squares = errors.flat().reduce((sum, error) => sum + error * error, 0);
  const gradient = [0, 1].flatMap((k) =>
    [0, 1, 2].map(
      (output) =>
        errors.reduce((sum, row, i) => sum + (x[i]?.[k] ?? 0) * (row[output] ?? 0), 0) / x.length,
    ),
  );
  return { loss: squares / (2 * x.length), gradient };
}

describeEachBackend(['tensorflow', 'wasm', 'cpu'], ({ backend, test }) => {
  for (const microbatches of [1, 2]) {
    test(`has loss and gradient of the closed form, a label for three outputs, ${String(microbatches)} microbatches`, async () => {
      const job = await prepare(backend(), y);
      const weights = tensorOf(job, job.initialParameters(), 'linear/kernel');
      const sum = sumOfLeaves(job, 0, { first: 0, count: 2, microbatches });
      const { loss, gradient } = closedForm(weights);
      expect((sum[1] ?? NaN) / (sum[0] ?? NaN)).toBeCloseTo(loss, 5);
      const found = tensorOf(job, sum, 'linear/kernel').map((value) => value / (sum[0] ?? NaN));
      expect(relativeDifference(found, gradient)).toBeLessThan(1e-6);
      job.dispose();
    });
  }
});

describe('the loss of the textbook', () => {
  it('is half the squared distance of an example, summed over all that belongs to it', async () => {
    const { tf } = await cpuBackend();
    tf.tidy(() => {
      const values = createLoss('half_mean_squared_error').values(
        tf,
        tf.zeros([2, 2, 2]),
        tf.tensor3d([
          [
            [1, 2],
            [3, 4],
          ],
          [
            [0, 0],
            [0, 6],
          ],
        ]),
      );
      expect(Array.from(values.dataSync())).toEqual([15, 18]);
    });
  });

  it('refuses labels that fit neither way', async () => {
    const backend = await cpuBackend();
    await expect(
      prepare(backend, [
        [1, 2],
        [3, 4],
      ]),
    ).rejects.toThrow(
      'output "linear" gives [1, 3] (examples first), for which the loss halfMeanSquaredError takes labels of shape ' +
        '[1, 3] (or 1 for any of them but the first); the data gives [1, 2]',
    );
  });
});
