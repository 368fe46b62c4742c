/** What there is to know of a LayersModel that lives in another engine than a worker's: that of whoever built it. */
import type { LayersModel, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { canonicalTopology } from './canonical-names.ts';
import { checkSupported } from './layers-source.ts';
import { buildSavedTwin } from './saved-twin.ts';
import { disposeModel, disposingOnError } from './variable-scope.ts';

/** A weight of a model, under the name that it has in every layout and checkpoint. */
export interface DescribedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** The model's own. */
  readonly variable: Variable;
}

/** A model as jobs see it. */
export interface DescribedModel {
  /** As `toJSON` gives it, with the names of its user. */
  readonly topology: object;
  /** Names of the outputs in reports, in the order of the model's. */
  readonly outputNames: readonly string[];
  /** In the order of `model.trainableWeights`, which is that of a layout. */
  readonly trainable: readonly DescribedWeight[];
  readonly others: readonly DescribedWeight[];
}

/**
 * Describes a model; leaves no tensor behind. `tf` is the copy of TensorFlow.js that built it.
 * @throws {TrainingError} `unsupported-model`, `unsavable-model`
 */
export async function describeLayersModel(
  tf: TensorFlow,
  model: LayersModel,
): Promise<DescribedModel> {
  checkSupported(model);
  const topology = model.toJSON(null, false) as object;
  return disposingOnError(tf, async () => {
    const twin = await buildSavedTwin(tf, model, canonicalTopology(topology));
    const describe = (weight: LayersModel['weights'][number]): DescribedWeight => ({
      name: twin.names.get(weight) ?? weight.originalName,
      shape: weight.shape.map((dimension) => dimension ?? 0),
      variable: weight.read() as Variable,
    });
    const described = {
      topology,
      outputNames: [...twin.model.outputNames],
      trainable: model.trainableWeights.map(describe),
      others: model.nonTrainableWeights.map(describe),
    };
    disposeModel(twin.model);
    return described;
  });
}
