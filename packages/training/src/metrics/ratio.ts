/**
 * Precision and recall: shares of counts over all examples, so that their value over a test split is that of the split.
 * Labels are 0 or 1, and others do not count; a prediction above one half is a 1, as in Keras (tfjs wants predictions of 0
 * and 1, for which this is the same). Each number of an output counts by itself.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import type { MetricSum, MetricValues } from './metric.ts';
import { checkSameShape, sumPerExample } from './per-example.ts';

/** Of what was predicted to be 1: how much is. */
export function precision(name: string): readonly MetricSum[] {
  return ratio(name, rightlyFound(name), (tf, labels, predictions) => {
    const isLabelled = tf.add(equals(tf, labels, 0), equals(tf, labels, 1));
    return sumPerExample(tf, tf.mul(found(tf, predictions), isLabelled));
  });
}

/** Of what is 1: how much was predicted. */
export function recall(name: string): readonly MetricSum[] {
  return ratio(name, rightlyFound(name), (tf, labels) => sumPerExample(tf, equals(tf, labels, 1)));
}

function ratio(name: string, part: MetricValues, whole: MetricValues): readonly MetricSum[] {
  return [
    { name: `${name}:ratio:part`, values: part },
    { name: `${name}:ratio:whole`, values: whole },
  ];
}

function rightlyFound(name: string): MetricValues {
  return (tf, labels, predictions) => {
    checkSameShape(name, labels, predictions);
    return sumPerExample(tf, tf.mul(found(tf, predictions), equals(tf, labels, 1)));
  };
}

function found(tf: TensorFlow, predictions: Tensor): Tensor {
  return tf.cast(tf.greater(predictions, 0.5), 'float32');
}

function equals(tf: TensorFlow, labels: Tensor, value: number): Tensor {
  return tf.cast(tf.equal(labels, value), 'float32');
}
