/**
 * Precision and recall: shares of counts over all examples, so that their value over a test split is that of the split.
 * Labels are 0 or 1; a prediction above one half is a 1, as in Keras (tfjs wants predictions of 0 and 1, for which this is
 * the same). Each number of an output counts by itself.
 */
import type { MetricSum, MetricValues } from './metric.ts';
import { checkSameShape, sumPerExample } from './per-example.ts';

/** Of what was predicted to be 1: how much is. */
export function precision(name: string): readonly MetricSum[] {
  return ratio(name, rightlyFound(name), (tf, _labels, predictions) =>
    sumPerExample(tf, tf.greater(predictions, 0.5)),
  );
}

/** Of what is 1: how much was predicted. */
export function recall(name: string): readonly MetricSum[] {
  return ratio(name, rightlyFound(name), (tf, labels) => sumPerExample(tf, tf.equal(labels, 1)));
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
    const found = tf.cast(tf.greater(predictions, 0.5), 'float32');
    return sumPerExample(tf, tf.mul(found, tf.cast(tf.equal(labels, 1), 'float32')));
  };
}
