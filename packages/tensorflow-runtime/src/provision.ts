import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cacheDirectory, mkdirs, sweepCache } from './cache.ts';
import {
  DiskFullError,
  InterruptedError,
  TensorFlowRuntimeError,
  UnwritableError,
} from './errors.ts';
import { forgetFailure, rememberFailure } from './failure.ts';
import { acquireLock, type Lock } from './lock.ts';
import { ownerLiveness, thisOwner } from './owner.ts';
import { isWork, planNextStep, type Step } from './plan.ts';
import { currentPlatform, type Platform } from './platform.ts';
import type { Progress } from './progress.ts';
import { createSession, look, type How, type Session } from './session.ts';
import { act } from './steps.ts';
import { realWorkshop, type Workshop } from './workshop.ts';

/** How to set native TensorFlow up; all of it has a default. */
export interface ProvisionOptions {
  /** Folder of the project whose tfjs-node is meant; default: the working folder. */
  readonly project?: string;
  readonly signal?: AbortSignal;
  /** A sentence about what is being done, or why something did not work and what comes next. */
  log?(line: string): void;
  onProgress?(progress: Progress): void;
  /** For tests. */
  readonly cache?: string;
  readonly platform?: Platform;
  readonly workshop?: Workshop;
  pause?(): Promise<void>;
}

/** A native backend that computed the known gradient. */
export interface Provisioned {
  /** What had to be done for it. */
  readonly how: How;
  /** TensorFlow's version. */
  readonly version: string;
}

const lockPollMs = 250;

/**
 * Makes `@tensorflow/tfjs-node` loadable: finds what is there, links what the cache has, else runs tfjs-node's own
 * install script, else builds its addon against the libraries of TensorFlow's Python wheel. When all is in place it
 * takes a few milliseconds; with a filled cache, a fraction of a second; the first time, as long as 274 MB take, and
 * about 15 s more. Several at once wait for each other, and one that is killed leaves nothing that is taken for whole.
 *
 * @throws TensorFlowRuntimeError with a stable `code` and, in its message, what to do.
 */
export async function provisionTensorFlow(options: ProvisionOptions = {}): Promise<Provisioned> {
  const session = createSession({
    project: options.project ?? process.cwd(),
    cache: options.cache ?? cacheDirectory(),
    platform: options.platform ?? currentPlatform(),
    workshop: options.workshop ?? realWorkshop,
    signal: options.signal,
    log: (line) => options.log?.(line),
    onProgress: (progress) => options.onProgress?.(progress),
  });
  try {
    const provisioned = (await workUntil(session, isWork)) ?? (await workLocked(session, options));
    await forgetFailure(session.cache);
    return provisioned;
  } catch (error) {
    const failure = explain(error, session);
    if (failure instanceof TensorFlowRuntimeError && !(failure instanceof InterruptedError)) {
      await rememberFailure(session.cache, failure);
    }
    throw failure;
  }
}

async function workLocked(session: Session, options: ProvisionOptions): Promise<Provisioned> {
  await mkdirs(session.cache);
  const lock = await takeLock(session, options);
  try {
    await sweepCache(session.cache, ownerLiveness);
    // Whoever held the lock before may have done it all.
    const provisioned = await workUntil(session, () => false);
    if (provisioned === undefined) {
      throw new Error('The plan ended without a result.');
    }
    return provisioned;
  } finally {
    await lock.release();
  }
}

async function takeLock(session: Session, options: ProvisionOptions): Promise<Lock> {
  try {
    return await acquireLock(join(session.cache, 'setup.lock'), {
      owner: thisOwner(),
      liveness: ownerLiveness,
      onWait: ({ pid }) => {
        session.log(`Another set-up (process ${String(pid)}) is at work: waiting for it`);
      },
      pause: options.pause ?? (() => setTimeout(lockPollMs, undefined, { signal: session.signal })),
    });
  } catch (error) {
    throw session.signal?.aborted === true
      ? error
      : new UnwritableError('cache', session.cache, error);
  }
}

/** Looks, plans and acts in turn until all is done, or until a step is due that the caller wants to stop before. */
async function workUntil(
  session: Session,
  stopBefore: (step: Step) => boolean,
): Promise<Provisioned | undefined> {
  for (;;) {
    if (session.signal?.aborted === true) {
      throw new InterruptedError('find');
    }
    const found = look(session);
    const step = planNextStep(found);
    if (step.do === 'done') {
      return { how: session.how, version: session.version };
    }
    if (stopBefore(step)) {
      return undefined;
    }
    await act(session, step);
  }
}

function explain(error: unknown, session: Session): unknown {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (error instanceof TensorFlowRuntimeError) {
    return error;
  }
  if (name === 'AbortError' || session.signal?.aborted === true) {
    return new InterruptedError('find');
  }
  if (code === 'ENOSPC') {
    return new DiskFullError(session.cache);
  }
  return code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
    ? new UnwritableError('cache', session.cache, error)
    : error;
}
