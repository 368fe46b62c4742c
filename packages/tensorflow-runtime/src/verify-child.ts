/**
 * A program: loads tfjs-node with the addon that it is told, computes the known gradient, and prints one line of JSON.
 * A process of its own, because a broken addon can take its process down.
 * Arguments: tfjs-node's folder, the addon's path.
 */
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import type * as TensorFlowNode from '@tensorflow/tfjs-node';
import { restoreUtilFunctions } from './compatibility.ts';
import { knownGradient, type Tensor } from './known-gradient.ts';

type TensorFlow = typeof TensorFlowNode;

const [directory = '', addonPath = ''] = process.argv.slice(2);
const tf = loadWith(directory, addonPath);
const known = knownGradient();
const report = { version: readVersion(tf), error: largestError(tf) };
process.stdout.write(`\n${JSON.stringify(report)}\n`);

/** tfjs-node asks node-pre-gyp for the addon's path; here the answer is ours, so that it need not be in its place yet. */
function loadWith(folder: string, addon: string): TensorFlow {
  restoreUtilFunctions();
  const require = createRequire(join(folder, 'package.json'));
  const finder = new Module('finder');
  finder.exports = { find: () => addon };
  require.cache[require.resolve('@mapbox/node-pre-gyp')] = finder;
  return require(folder) as TensorFlow;
}

/** The largest difference from the closed form, relative to the largest value of its tensor. NaN if there is one. */
function largestError(tf: TensorFlow): number {
  return tf.tidy(() => {
    const [x, labels, kernel, weights] = [known.x, known.labels, known.kernel, known.weights].map(
      (t) => toTensor(tf, t),
    );
    if (x === undefined || labels === undefined || kernel === undefined || weights === undefined) {
      return Number.NaN;
    }
    const loss = (k: TensorFlowNode.Tensor, w: TensorFlowNode.Tensor): TensorFlowNode.Scalar => {
      const hidden = tf.relu(
        tf.conv2d(x as TensorFlowNode.Tensor4D, k as TensorFlowNode.Tensor4D, 1, 'valid'),
      );
      return tf.losses.softmaxCrossEntropy(
        labels,
        tf.matMul(hidden.reshape([2, -1]), w),
      ) as TensorFlowNode.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)([kernel, weights]);
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

function toTensor(tf: TensorFlow, { values, shape }: Tensor): TensorFlowNode.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], 'float32');
}

function readVersion(tf: TensorFlow): string {
  const backend = tf.backend() as unknown as {
    readonly binding?: { readonly TF_Version?: string };
  };
  return backend.binding?.TF_Version ?? 'unknown';
}
