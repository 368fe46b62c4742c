/** From the arrays of a dataset to tensors. */
import type { TensorFlow } from './backend/interface.ts';
import type { Batch, NamedArray } from './datasets/dataset.ts';
import type { NamedTensor, TensorBatch } from './models/model.ts';

/** The tensors of a batch; the caller's tidy owns them. The arrays must stay as they are until the tensors are gone. */
export function uploadBatch(tf: TensorFlow, batch: Batch): TensorBatch {
  const upload = ({ name, values, shape }: NamedArray): NamedTensor => {
    const dtype = values instanceof Float32Array ? 'float32' : 'int32';
    return { name, tensor: tf.tensor(values, [...shape], dtype) };
  };
  const { examples, weights } = batch;
  const tensors = { examples, x: batch.x.map(upload), y: batch.y.map(upload) };
  return weights === undefined ? tensors : { ...tensors, weights: weights.map(upload) };
}
