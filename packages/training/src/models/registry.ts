/** All forms of a model, by the `type` of the settings. */
import type { Backend } from '../backend/interface.ts';
import type { TrainingJob } from '../job.ts';
import { createFunctionalModel } from './functional-model.ts';
import { createLayersModel } from './layers-model.ts';
import type { TrainableModel } from './model.ts';

/** The model of a job with initial weights keyed by the seed; the caller disposes it. */
export async function createModel(backend: Backend, job: TrainingJob): Promise<TrainableModel> {
  return job.settings.model.type === 'parameters'
    ? createFunctionalModel(backend, job)
    : createLayersModel(backend.tf, job);
}
