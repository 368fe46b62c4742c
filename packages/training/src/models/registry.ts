/** All forms of a model, by the `type` of the settings. */
import type { Backend } from '../backend/interface.ts';
import type { TrainingJob } from '../job.ts';
import { freeze } from './freeze.ts';
import { createFunctionalModel } from './functional-model.ts';
import { createLayersModel } from './layers-model.ts';
import type { TrainableModel } from './model.ts';
import { assignStartWeights } from './start-weights.ts';

/** The model of a job with initial weights keyed by the seed, or those that the job begins with; the caller disposes it. */
export async function createModel(backend: Backend, job: TrainingJob): Promise<TrainableModel> {
  const { model: kind, optimizer, start } = job.settings;
  const model =
    kind.type === 'parameters'
      ? createFunctionalModel(backend, job)
      : await createLayersModel(backend.tf, job);
  try {
    if (start !== undefined) assignStartWeights(backend, start.weights, model.variables);
    return { ...model, variables: freeze(model.variables, optimizer?.groups) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
