import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { chooseRunFolder } from '../run-folder.ts';
import { bindCallbacks } from './callbacks.ts';
import { fitDefinition } from './definition.ts';
import { stepsPerEpoch } from './epochs.ts';
import { writeJobSource } from './job-source.ts';
import { readCall } from './read-call.ts';
import type { FitCall } from './read-call.ts';
import { readOptimizerState } from './optimizer-state.ts';
import { dataFolder, writeData, writeStart } from './run-files.ts';
import { runFit } from './run-fit.ts';
import type { FitData, FitHistory, FitModel, FitOptions } from './types.ts';
import { usualSeed } from './arguments.ts';
import { PacelineError } from '../errors.ts';

const inTraining = new WeakSet<object>();

/**
 * Trains a compiled model as `model.fit` does, with worker processes: see `train`.
 *
 * @throws PacelineError for what cannot travel or does not fit, before any process is started; `training-failed`
 */
export async function trainModel(
  model: FitModel,
  data: FitData,
  options: FitOptions = {},
): Promise<FitHistory> {
  if (inTraining.has(model)) {
    throw new PacelineError('bad-option', 'The model is being trained already: await that first.');
  }
  inTraining.add(model);
  try {
    const call = await readCall(model, data, options);
    for (const notice of call.form.notices) process.emitWarning(notice, 'PacelineWarning');
    const callbacks = bindCallbacks(call.tf, options.callbacks, { model, params: call.params });
    await callbacks.tell('onTrainBegin');
    model.stopTraining = false;
    const { epochs, initialEpoch } = call.numbers;
    if (epochs <= initialEpoch) {
      await callbacks.tell('onTrainEnd');
      return { epoch: [], history: {}, params: call.params, status: 'finished', steps: 0 };
    }
    const out = folderOf(options);
    const job = await writeJob(call, { out, isSavedOften: callbacks.areThere });
    const history = await runFit({ ...call, callbacks, job, out });
    if (history.status !== 'interrupted') {
      rmSync(join(out, dataFolder), { recursive: true, force: true });
    }
    return history;
  } finally {
    inTraining.delete(model);
  }
}

function folderOf({ name = 'fit', out }: FitOptions): string {
  return resolve(
    chooseRunFolder({ job: name, wallMs: Date.now(), ...(out === undefined ? {} : { out }) }),
  );
}

/** Writes everything that the processes need below the run's folder; gives the job file. */
async function writeJob(
  call: FitCall,
  { out, isSavedOften }: { readonly out: string; readonly isSavedOften: boolean },
): Promise<string> {
  const { model, described, numbers, options, divided, form, optimizer } = call;
  mkdirSync(out, { recursive: true });
  const state = await readOptimizerState(optimizer, form, described.trainable);
  const definition = fitDefinition({
    topology: described.topology,
    outputNames: model.outputNames,
    compiled: call.compiled,
    plan: call.plan,
    form,
    data: writeData(out, divided, numbers.shuffle),
    start: await writeStart(out, described, state),
    numbers,
    seed: options.seed ?? usualSeed(optimizer.iterations),
    saveEvery: isSavedOften ? stepsPerEpoch(call.shape) : undefined,
    options,
  });
  const { extension, text } = writeJobSource(definition, call.setup);
  const file = join(out, `job.${extension}`);
  writeFileSync(file, text);
  return file;
}
