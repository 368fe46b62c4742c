/** Logistic regression for several classes, in double precision, with nothing of the product. */

/** A matrix of weights, [features][classes], and a bias for each class. */
export interface SoftmaxRegression {
  readonly kernel: number[][];
  readonly bias: number[];
}

/** Rows of numbers and the class of each. */
export interface LabelledRows {
  readonly x: readonly ArrayLike<number>[];
  readonly y: readonly number[];
}

/** SGD with momentum v <- mu v + g, w <- w - a v, one step for each batch of row numbers. Changes `model`. */
export function trainSoftmaxRegression(
  model: SoftmaxRegression,
  { x, y }: LabelledRows,
  o: {
    readonly learningRate: number;
    readonly momentum: number;
    readonly batches: Iterable<readonly number[]>;
  },
): void {
  const rows = [...model.kernel, model.bias];
  const velocity = rows.map((row) => row.map(() => 0));
  for (const batch of o.batches) {
    const gradient = rows.map((row) => row.map(() => 0));
    for (const i of batch) addGradient(gradient, model, { row: x[i] ?? [], label: y[i] ?? -1 });
    rows.forEach((row, feature) => {
      row.forEach((value, k) => {
        const mean = at(gradient[feature], k) / batch.length;
        const v = o.momentum * at(velocity[feature], k) + mean;
        (velocity[feature] ?? [])[k] = v;
        row[k] = value - o.learningRate * v;
      });
    });
  }
}

/** The share of rows whose class has the largest score. */
export function accuracyOf(model: SoftmaxRegression, { x, y }: LabelledRows): number {
  const right = x.filter((row, i) => {
    const scores = scoresOf(model, row);
    return scores.indexOf(Math.max(...scores)) === y[i];
  });
  return right.length / x.length;
}

/** Of -log p(label), with respect to the weights: the row times (p - one-hot label). */
function addGradient(
  gradient: readonly number[][],
  model: SoftmaxRegression,
  { row, label }: { readonly row: ArrayLike<number>; readonly label: number },
): void {
  const scores = scoresOf(model, row);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  const errors = powers.map((value, k) => value / sum - (k === label ? 1 : 0));
  gradient.forEach((into, feature) => {
    const factor = feature < row.length ? at(row, feature) : 1;
    if (factor === 0) return;
    errors.forEach((error, k) => {
      into[k] = at(into, k) + factor * error;
    });
  });
}

function scoresOf({ kernel, bias }: SoftmaxRegression, row: ArrayLike<number>): number[] {
  const scores = [...bias];
  kernel.forEach((weights, feature) => {
    const factor = at(row, feature);
    if (factor === 0) return;
    weights.forEach((weight, k) => {
      scores[k] = at(scores, k) + factor * weight;
    });
  });
  return scores;
}

function at(values: ArrayLike<number> | undefined, i: number): number {
  return values?.[i] ?? Number.NaN;
}
