import { expect, test } from 'vitest';
import { knownGradient } from '../src/known-gradient.ts';

/** The loss, written apart from the source under test: explicit loops over the padded-free convolution and a softmax. */
function lossOf(
  x: readonly number[],
  kernel: readonly number[],
  weights: readonly number[],
): number {
  const labels = [1, 2];
  let loss = 0;
  for (const [n, label] of labels.entries()) {
    const scores = [0, 0, 0];
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 3; j += 1) {
        for (let o = 0; o < 2; o += 1) {
          let h = 0;
          for (let a = 0; a < 3; a += 1) {
            for (let b = 0; b < 3; b += 1) {
              h += (x[n * 25 + (i + a) * 5 + j + b] ?? 0) * (kernel[a * 6 + b * 2 + o] ?? 0);
            }
          }
          for (let c = 0; c < 3; c += 1) {
            scores[c] =
              (scores[c] ?? 0) + Math.max(h, 0) * (weights[(i * 6 + j * 2 + o) * 3 + c] ?? 0);
          }
        }
      }
    }
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    loss += -Math.log(Math.exp(scores[label] ?? 0) / total) / labels.length;
  }
  return loss;
}

test('the closed form agrees with central differences of the loss', () => {
  const { x, kernel, weights, loss, kernelGradient, weightsGradient } = knownGradient();
  expect(loss).toBeCloseTo(lossOf(x.values, kernel.values, weights.values), 12);
  const step = 1e-6;
  const nudged = (values: readonly number[], index: number, by: number) =>
    values.map((v, i) => (i === index ? v + by : v));
  const slope = (loss1: number, loss2: number) => (loss1 - loss2) / (2 * step);
  kernelGradient.forEach((g, i) => {
    const [up, down] = [step, -step].map((by) =>
      lossOf(x.values, nudged(kernel.values, i, by), weights.values),
    );
    expect(g).toBeCloseTo(slope(up ?? 0, down ?? 0), 7);
  });
  weightsGradient.forEach((g, i) => {
    const [up, down] = [step, -step].map((by) =>
      lossOf(x.values, kernel.values, nudged(weights.values, i, by)),
    );
    expect(g).toBeCloseTo(slope(up ?? 0, down ?? 0), 7);
  });
});

test('no part of the gradient vanishes, so that no kernel can be wrong unnoticed', () => {
  const { kernelGradient, weightsGradient } = knownGradient();
  expect(Math.min(...kernelGradient.map(Math.abs))).toBeGreaterThan(1e-4);
  expect(weightsGradient.filter((g) => Math.abs(g) > 1e-4).length).toBeGreaterThan(
    weightsGradient.length / 2,
  );
});
