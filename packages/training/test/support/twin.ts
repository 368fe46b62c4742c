import type { LayersModel } from '@tensorflow/tfjs';
import type { TensorFlow } from '../../src/backend/interface.ts';
import { weightsInOrder } from '../../src/models/layer-tree.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';

/** The same model in plain tfjs with the initial weights of the job; the caller disposes it. */
export function twinOf(
  tf: TensorFlow,
  job: PreparedJob,
  build: (tf: TensorFlow) => LayersModel,
): LayersModel {
  const model = build(tf);
  const initial = job.initialParameters();
  const names = new Map(
    weightsInOrder(model).map((w) => [w.originalName.replace(/_[A-Z]\w*?\d+\//g, '/'), w]),
  );
  for (const place of job.layout.tensors) {
    const found = names.get(place.name.replace(/_\d+\//g, '/'));
    if (found === undefined) continue;
    found.write(
      tf.tensor(initial.slice(place.offset, place.offset + place.size), [...place.shape]),
    );
  }
  return model;
}
