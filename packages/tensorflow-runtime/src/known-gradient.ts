/**
 * A small net whose gradient is worked out here in plain JavaScript, to hold a backend against:
 * loss = mean over the batch of softmax cross entropy(flatten(relu(conv2d(x, kernel, stride 1, valid))) . weights, label).
 */
export interface KnownGradient {
  readonly x: Tensor;
  readonly xShape: readonly [batch: number, height: number, width: number, channels: number];
  readonly labels: Tensor;
  readonly kernel: Tensor;
  readonly kernelShape: readonly [
    height: number,
    width: number,
    channelsIn: number,
    channelsOut: number,
  ];
  readonly weights: Tensor;
  readonly loss: number;
  readonly kernelGradient: readonly number[];
  readonly weightsGradient: readonly number[];
}

/** Values in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const batch = 2;
const side = 5;
const kernelSide = 3;
const channels = 2;
const classes = 3;
const outSide = side - kernelSide + 1;
const features = outSide * outSide * channels;

/** The net, its loss and its gradient, from closed form. Shapes as tfjs has them: NHWC, [height, width, in, out]. */
export function knownGradient(): KnownGradient {
  const xShape = [batch, side, side, 1] as const;
  const kernelShape = [kernelSide, kernelSide, 1, channels] as const;
  const x = wave(xShape, 0.7);
  const kernel = wave(kernelShape, 1.3);
  const weights = wave([features, classes], 2.1);
  const labels = { shape: [batch, classes], values: [0, 1, 0, 0, 0, 1] };
  return {
    x,
    xShape,
    kernel,
    kernelShape,
    weights,
    labels,
    ...backward({ x, kernel, weights, labels }),
  };
}

function backward(
  net: Pick<KnownGradient, 'x' | 'kernel' | 'weights' | 'labels'>,
): Pick<KnownGradient, 'loss' | 'kernelGradient' | 'weightsGradient'> {
  const kernelGradient = new Array<number>(net.kernel.values.length).fill(0);
  const weightsGradient = new Array<number>(net.weights.values.length).fill(0);
  let loss = 0;
  for (let example = 0; example < batch; example += 1) {
    const hidden = range(features).map((feature) => Math.max(0, convolve(net, example, feature)));
    const scores = range(classes).map((c) =>
      sum(hidden.map((h, f) => h * at(net.weights, f * classes + c))),
    );
    const total = sum(scores.map((score) => Math.exp(score)));
    const label = range(classes).map((c) => at(net.labels, example * classes + c));
    // d loss / d score = (softmax - label) / batch
    const scoreGradient = scores.map(
      (score, c) => (Math.exp(score) / total - (label[c] ?? 0)) / batch,
    );
    loss -= sum(scores.map((score, c) => (label[c] ?? 0) * (score - Math.log(total)))) / batch;
    hidden.forEach((h, f) => {
      scoreGradient.forEach((g, c) => {
        add(weightsGradient, f * classes + c, h * g);
      });
      const hiddenGradient =
        h > 0 ? sum(scoreGradient.map((g, c) => g * at(net.weights, f * classes + c))) : 0;
      forEachTap(example, f, (pixel, tap) => {
        add(kernelGradient, tap, hiddenGradient * at(net.x, pixel));
      });
    });
  }
  return { loss, kernelGradient, weightsGradient };
}

function convolve(
  net: Pick<KnownGradient, 'x' | 'kernel'>,
  example: number,
  feature: number,
): number {
  let value = 0;
  forEachTap(example, feature, (pixel, tap) => {
    value += at(net.x, pixel) * at(net.kernel, tap);
  });
  return value;
}

/** Visits every (pixel of x, element of the kernel) pair that one output of the convolution sums over. */
function forEachTap(
  example: number,
  feature: number,
  visit: (pixel: number, tap: number) => void,
): void {
  const channel = feature % channels;
  const column = Math.floor(feature / channels) % outSide;
  const row = Math.floor(feature / channels / outSide);
  for (let i = 0; i < kernelSide; i += 1) {
    for (let j = 0; j < kernelSide; j += 1) {
      visit(
        (example * side + row + i) * side + column + j,
        (i * kernelSide + j) * channels + channel,
      );
    }
  }
}

function wave(shape: readonly number[], frequency: number): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    shape,
    values: range(size).map((index) => Math.fround(Math.sin(1 + frequency * index))),
  };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function at(tensor: Tensor, index: number): number {
  return tensor.values[index] ?? Number.NaN;
}

function add(values: number[], index: number, value: number): void {
  values[index] = (values[index] ?? Number.NaN) + value;
}
