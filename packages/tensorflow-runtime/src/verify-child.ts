/**
 * A program: loads tfjs-node with the addon that it is told, computes the known gradient, and prints one line of JSON.
 * A process of its own, because a broken addon can take its process down.
 * Arguments: tfjs-node's folder, the addon's path.
 */
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { restoreUtilFunctions } from './compatibility.ts';
import { knownGradient, type Tensor as KnownTensor } from './known-gradient.ts';
import type { TensorFlowNode } from './load.ts';

type Tensor = ReturnType<TensorFlowNode['tensor']>;

const [directory = '', addonPath = ''] = process.argv.slice(2);
const tf = loadWith(directory, addonPath);
const known = knownGradient();
const report = { version: readVersion(tf), error: largestError(tf) };
process.stdout.write(`\n${JSON.stringify(report)}\n`);

/** tfjs-node asks node-pre-gyp for the addon's path; here the answer is ours, so that it need not be in its place yet. */
function loadWith(folder: string, addon: string): TensorFlowNode {
  restoreUtilFunctions();
  const require = createRequire(join(folder, 'package.json'));
  const finder = new Module('finder');
  finder.exports = { find: () => addon };
  require.cache[require.resolve('@mapbox/node-pre-gyp')] = finder;
  return require(folder) as TensorFlowNode;
}

/** The largest difference from the closed form, relative to the largest value of its tensor. NaN if there is one. */
function largestError(tf: TensorFlowNode): number {
  return tf.tidy(() => {
    const x = toTensor(tf, known.x).as4D(...known.xShape);
    const labels = toTensor(tf, known.labels);
    const loss = (kernel: Tensor, weights: Tensor) => {
      const hidden = tf.relu(tf.conv2d(x, kernel.as4D(...known.kernelShape), 1, 'valid'));
      const scores = tf.matMul(hidden.reshape([known.xShape[0], -1]), weights);
      return tf.losses.softmaxCrossEntropy<Tensor, ReturnType<TensorFlowNode['scalar']>>(
        labels,
        scores,
      );
    };
    const at = [toTensor(tf, known.kernel), toTensor(tf, known.weights)];
    const { value, grads } = tf.valueAndGrads(loss)(at);
    return Math.max(
      relativeError(value.dataSync(), [known.loss]),
      relativeError(grads[0]?.dataSync(), known.kernelGradient),
      relativeError(grads[1]?.dataSync(), known.weightsGradient),
    );
  });
}

function relativeError(actual: ArrayLike<number> | undefined, expected: readonly number[]): number {
  if (actual?.length !== expected.length) {
    return Number.NaN;
  }
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(
    ...expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)) / scale),
  );
}

function toTensor(tf: TensorFlowNode, { values, shape }: KnownTensor): Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], 'float32');
}

function readVersion(tf: TensorFlowNode): string {
  const backend = tf.backend() as unknown as {
    readonly binding?: { readonly TF_Version?: string };
  };
  return backend.binding?.TF_Version ?? 'unknown';
}
