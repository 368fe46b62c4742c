import type { RunEvent } from '@paceline/protocol';

import { checkpointsIn } from '../checkpoint/find-checkpoints.ts';
import { readNewestCheckpoint } from '../checkpoint/newest-checkpoint.ts';
import { startLocalTraining } from '../local-run.ts';
import type { LocalTrainingEnd } from '../local-run.ts';
import { endOf } from '../training-failed.ts';
import { askRun } from './ask-run.ts';
import type { Callbacks } from './callbacks.ts';
import { stepsPerEpoch } from './epochs.ts';
import { RunFollower } from './follow-run.ts';
import type { FollowActions } from './follow-run.ts';
import { createHistory } from './history.ts';
import type { HistoryBook } from './history.ts';
import { createInbox } from './inbox.ts';
import { writeOptimizerState } from './optimizer-state.ts';
import type { FitCall } from './read-call.ts';
import { optimizerStateAt, takeWeights } from './take-weights.ts';
import type { FitHistory } from './types.ts';

/** What is to be run. */
export interface FitRun extends FitCall {
  readonly callbacks: Callbacks;
  /** The job file, in the run's folder `out`. */
  readonly job: string;
  readonly out: string;
}

/** Runs the job of a call, tells its callbacks, and gives weights and optimizer state back to the model. */
export async function runFit(run: FitRun): Promise<FitHistory> {
  const { shape, numbers, plan, callbacks, params, out } = run;
  const history = createHistory(params);
  const inbox = createInbox<RunEvent>();
  const training = await start(run, inbox.push);
  void training.ended.then(inbox.close);
  const totalSteps = stepsPerEpoch(shape) * (numbers.epochs - numbers.initialEpoch);
  const actions = actionsOf(run, training, history);
  const follower = new RunFollower({ shape, totalSteps, plan, callbacks, actions, inbox });
  await followed(follower, training);
  const end = endOf(await training.ended);
  await takeState(run);
  await follower.finish();
  await callbacks.tell('onTrainEnd');
  const { steps, weightsSha256 } = end;
  const status =
    end.status === 'finished' ? 'finished' : follower.isStopped ? 'stopped' : 'interrupted';
  const sha = weightsSha256 === undefined ? {} : { weightsSha256 };
  return { ...history.book(), status, steps, ...sha, out };
}

interface Started {
  readonly ended: Promise<LocalTrainingEnd>;
  /** Ends the run cleanly, however often it is called. */
  readonly stop: () => void;
  readonly url: () => string;
}

async function start(o: FitRun, onEvent: (event: RunEvent) => void): Promise<Started> {
  const { options, callbacks, job, out, shape } = o;
  let url = '';
  const every = callbacks.ofBatches ? 1 : stepsPerEpoch(shape);
  const run = await startLocalTraining({
    ...{ job, out, workers: options.workers ?? 2, set: [], everySteps: 1, holdAt: [] },
    ...(callbacks.areThere ? { holdEvery: every } : {}),
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...{ maxRestarts: 10, logLevel: 'warn', onLog: () => undefined },
    onEvent: (event) => {
      if (event.type === 'server' && event.url !== undefined) url = event.url;
      onEvent(event);
      options.onEvent?.(event);
    },
  });
  let isStopping = false;
  const stop = (): void => {
    if (!isStopping) run.stop('SIGINT');
    isStopping = true;
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted === true) stop();
  const ended = run.finished.finally(() => options.signal?.removeEventListener('abort', stop));
  return { ended, stop, url: () => url };
}

function actionsOf(run: FitRun, training: Started, history: HistoryBook): FollowActions {
  const { tf, model, described } = run;
  return {
    resume: () => askRun(training.url(), 'resume'),
    save: () => askRun(training.url(), 'checkpoint'),
    stop: training.stop,
    takeWeights: (path) => {
      takeWeights(tf, described, readNewestCheckpoint(path));
    },
    wantsStop: () => model.stopTraining,
    tellEpoch: history.add,
  };
}

/** Weights and optimizer state of the run's end; of one that was ended before it had any, nothing. */
async function takeState({ tf, described, form, optimizer, out }: FitRun): Promise<void> {
  if (checkpointsIn(out).length === 0) return;
  const image = readNewestCheckpoint(out);
  takeWeights(tf, described, image);
  const before = image.facts.settings.start?.optimizer?.updates ?? 0;
  const state = optimizerStateAt(image, before);
  await writeOptimizerState(tf, optimizer, { form, weights: described.trainable, state });
}

/** A callback that throws ends the run; nobody is left behind. */
async function followed(follower: RunFollower, training: Started): Promise<void> {
  try {
    await follower.follow();
  } catch (error) {
    training.stop();
    await training.ended;
    throw error;
  }
}
