import type { RunEvent } from '@paceline/protocol';

import { PacelineError } from '../errors.ts';
import type { Callbacks } from './callbacks.ts';
import { addBatch, epochLogs, noMeans, placeOf } from './epochs.ts';
import type { EpochShape } from './epochs.ts';
import type { Inbox } from './inbox.ts';
import type { LogPlan } from './log-plan.ts';
import type { FitLogs } from './types.ts';

/** What follows a run: its events become the calls of callbacks, in the order of `fit`. */
export interface Follower {
  /** Resolves when no event is left. Rejects with what a callback threw. */
  readonly follow: (inbox: Inbox<RunEvent>) => Promise<void>;
  /** The run is over and the model has its last weights: ends what is open. */
  readonly finish: () => Promise<void>;
  /** A callback asked for the end. */
  readonly isStopped: () => boolean;
}

/** What a follower does to the run and to the model. */
export interface FollowActions {
  /** The run waits: it may go on. */
  readonly resume: () => Promise<void>;
  /** Writes a checkpoint of where the run waits. */
  readonly save: () => Promise<void>;
  readonly stop: () => void;
  /** The model gets the weights of a checkpoint. */
  readonly takeWeights: (path: string) => void;
  /** Whether a callback has set `stopTraining`. */
  readonly wantsStop: () => boolean;
  readonly tellEpoch: (epoch: number, logs: FitLogs) => void;
}

/** Creates the follower of a run of `totalSteps` steps. */
export function createFollower(o: {
  readonly shape: EpochShape;
  readonly totalSteps: number;
  readonly plan: LogPlan;
  readonly callbacks: Callbacks;
  readonly actions: FollowActions;
}): Follower {
  const { shape, plan, callbacks, actions } = o;
  let means = noMeans;
  let validation: FitLogs | undefined;
  /** Steps that were begun, told, and waited after. */
  const steps = { begun: 0, told: 0, held: 0 };
  let isEpochOpen = false;
  let isStopped = false;
  let saved = { step: -1, path: '' };

  const begin = async (step: number): Promise<void> => {
    if (step <= steps.begun || step > o.totalSteps) return;
    steps.begun = step;
    const { epoch, batch } = placeOf(shape, step);
    if (batch === 0) await callbacks.tell('onEpochBegin', epoch, {});
    await callbacks.tell('onBatchBegin', batch, {});
  };

  const closeEpoch = async (): Promise<void> => {
    if (!isEpochOpen) return;
    const logs = epochLogs(means, validation);
    const { epoch } = placeOf(shape, steps.told);
    [isEpochOpen, means, validation] = [false, noMeans, undefined];
    await callbacks.tell('onEpochEnd', epoch, logs);
    actions.tellEpoch(epoch, logs);
  };

  const isEpochOver = (): boolean => isEpochOpen && placeOf(shape, steps.told).isLast;

  const step = async (event: Extract<RunEvent, { type: 'step' }>): Promise<void> => {
    if (event.step <= steps.told) return; // it came again after a crash of the server
    if (isEpochOver()) await closeEpoch();
    await begin(event.step);
    const { batch, size } = placeOf(shape, event.step);
    const logs = plan.logs(event);
    means = addBatch(means, size, logs);
    isEpochOpen = true;
    steps.told = event.step;
    await callbacks.tell('onBatchEnd', batch, { batch, size, ...logs });
  };

  const hold = async (inbox: Inbox<RunEvent>, at: number): Promise<void> => {
    if (at === steps.told && at !== steps.held) {
      if (isEpochOver()) {
        const path = await checkpointOf(at, inbox);
        if (path === undefined) return;
        actions.takeWeights(path);
        await closeEpoch();
      }
      steps.held = at;
      isStopped = actions.wantsStop();
      if (!isStopped) await begin(at + 1);
    }
    if (isStopped) actions.stop();
    else await actions.resume();
  };

  /** The run waits and begins nothing: what comes is about this checkpoint, or the run's end. */
  const checkpointOf = async (at: number, inbox: Inbox<RunEvent>): Promise<string | undefined> => {
    while (saved.step !== at) {
      const event = await inbox.next();
      if (event === undefined) return undefined;
      // The server crashed and is on its way here once more.
      if (event.type === 'hold' && event.step < at) await actions.resume();
      if (event.type === 'fault' && event.kind === 'disk') {
        throw new PacelineError(
          'training-failed',
          `The callbacks wait for weights: ${event.detail}`,
        );
      }
      if (event.type !== 'checkpoint') continue;
      saved = event;
      // The disk was busy with an earlier one when this was due.
      if (event.step < at) await actions.save();
    }
    return saved.path;
  };

  return {
    isStopped: () => isStopped,
    async follow(inbox) {
      await begin(1);
      for (let event = await inbox.next(); event !== undefined; event = await inbox.next()) {
        if (event.type === 'checkpoint') saved = event;
        else if (event.type === 'step') await step(event);
        else if (event.type === 'evaluation' && event.step === steps.told) {
          validation = plan.logs(event);
        } else if (event.type === 'hold') await hold(inbox, event.step);
      }
    },
    async finish() {
      if (isStopped || isEpochOver()) await closeEpoch();
    },
  };
}
