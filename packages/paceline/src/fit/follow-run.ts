import type { RunEvent } from '@paceline/protocol';

import { PacelineError } from '../errors.ts';
import type { Callbacks } from './callbacks.ts';
import { addBatch, epochLogs, noMeans, placeOf } from './epochs.ts';
import type { EpochShape } from './epochs.ts';
import type { Inbox } from './inbox.ts';
import type { LogPlan } from './log-plan.ts';
import type { FitLogs } from './types.ts';

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

/** What is followed. */
export interface FollowOptions {
  readonly shape: EpochShape;
  readonly totalSteps: number;
  readonly plan: LogPlan;
  readonly callbacks: Callbacks;
  readonly actions: FollowActions;
  readonly inbox: Inbox<RunEvent>;
}

/** Follows a run: its events become the calls of callbacks, in the order of `fit`. */
export class RunFollower {
  /** A callback asked for the end. */
  isStopped = false;
  private readonly o: FollowOptions;
  private means = noMeans;
  private validation: FitLogs | undefined;
  /** Steps (from 1) that were begun, told, and waited after. */
  private begun = 0;
  private told = 0;
  private held = 0;
  private isEpochOpen = false;
  private saved = { step: -1, path: '' };

  constructor(options: FollowOptions) {
    this.o = options;
  }

  /** Resolves when no event is left. Rejects with what a callback threw. */
  async follow(): Promise<void> {
    const { inbox, plan } = this.o;
    await this.begin(1);
    for (let event = await inbox.next(); event !== undefined; event = await inbox.next()) {
      if (event.type === 'checkpoint') this.saved = event;
      else if (event.type === 'step') await this.step(event);
      else if (event.type === 'hold') await this.hold(event.step);
      else if (event.type === 'evaluation' && event.step === this.told) {
        this.validation = plan.logs(event);
      }
    }
  }

  /** The run is over and the model has its last weights: ends what is open. */
  async finish(): Promise<void> {
    if (this.isStopped || this.isEpochOver) await this.closeEpoch();
  }

  private get isEpochOver(): boolean {
    return this.isEpochOpen && placeOf(this.o.shape, this.told).isLast;
  }

  private async begin(step: number): Promise<void> {
    const { shape, callbacks, totalSteps } = this.o;
    if (step <= this.begun || step > totalSteps) return;
    this.begun = step;
    const { epoch, batch } = placeOf(shape, step);
    if (batch === 0) await callbacks.tell('onEpochBegin', epoch, {});
    await callbacks.tell('onBatchBegin', batch, {});
  }

  private async step(event: Extract<RunEvent, { type: 'step' }>): Promise<void> {
    if (event.step <= this.told) return; // it came again after a crash of the server
    if (this.isEpochOver) await this.closeEpoch();
    await this.begin(event.step);
    const { batch, size } = placeOf(this.o.shape, event.step);
    const logs = this.o.plan.logs(event);
    this.means = addBatch(this.means, size, logs);
    this.isEpochOpen = true;
    this.told = event.step;
    await this.o.callbacks.tell('onBatchEnd', batch, { batch, size, ...logs });
  }

  private async closeEpoch(): Promise<void> {
    if (!this.isEpochOpen) return;
    const logs = epochLogs(this.means, this.validation);
    const { epoch } = placeOf(this.o.shape, this.told);
    [this.isEpochOpen, this.means, this.validation] = [false, noMeans, undefined];
    await this.o.callbacks.tell('onEpochEnd', epoch, logs);
    this.o.actions.tellEpoch(epoch, logs);
  }

  /** The run waits. A hold that comes again after a crash of the server was dealt with. */
  private async hold(at: number): Promise<void> {
    const { actions } = this.o;
    if (at === this.told && at !== this.held) {
      if (this.isEpochOver) {
        const path = await this.checkpointOf(at);
        if (path === undefined) return;
        actions.takeWeights(path);
        await this.closeEpoch();
      }
      this.held = at;
      this.isStopped = actions.wantsStop();
      if (!this.isStopped) await this.begin(at + 1);
    }
    if (this.isStopped) actions.stop();
    else await actions.resume();
  }

  /** The run waits and begins nothing: what comes is about this checkpoint, or the run's end. */
  private async checkpointOf(at: number): Promise<string | undefined> {
    const { inbox, actions } = this.o;
    while (this.saved.step !== at) {
      const event = await inbox.next();
      if (event === undefined) return undefined;
      // The server crashed and is on its way here once more.
      if (event.type === 'hold' && event.step < at) await actions.resume();
      if (event.type === 'fault' && event.kind === 'disk') {
        const words = `The callbacks wait for weights: ${event.detail}`;
        throw new PacelineError('training-failed', words);
      }
      if (event.type !== 'checkpoint') continue;
      this.saved = event;
      // The disk was busy with an earlier one when this was due.
      if (event.step < at) await actions.save();
    }
    return this.saved.path;
  }
}
