import type { StepEvent, WorkerEvent } from '@paceline/protocol';
import { expect } from 'vitest';
import type { Cluster } from './cluster.ts';
import type { ContainerOptions } from './start-container.ts';
import { undisturbedWeights } from './undisturbed.ts';
import type { WatchedContainer } from './watched.ts';

/** The run waits there until what was disturbed is whole again: nothing ends before all was seen. */
const holdAt = 210;
const hold = ['--hold-at', String(holdAt)];

export interface StartedRun {
  readonly server: WatchedContainer;
  readonly workers: readonly WatchedContainer[];
}

/** Starts a server and workers `w1`, `w2`, ..., one for each of the options. Training begins when all are there. */
export const startRun = async (
  cluster: Cluster,
  workers: readonly ContainerOptions[],
  server: ContainerOptions = {},
): Promise<StartedRun> => {
  const flags = [...hold, '--min-workers', String(workers.length), ...(server.flags ?? [])];
  return {
    server: await cluster.startServer({ ...server, flags }),
    workers: await Promise.all(
      workers.map((options, i) => cluster.startWorker(`w${i + 1}`, options)),
    ),
  };
};

/** Starts another server for a run that is under way. */
export const startNextServer = (
  cluster: Cluster,
  options: ContainerOptions = {},
): Promise<WatchedContainer> => cluster.startServer({ ...options, flags: hold });

/** A step of the middle of the run: not before `step`, and with the hold still to come. */
export const middleStep = async (server: WatchedContainer, step = 20): Promise<StepEvent> => {
  const event = await server.event('step', (each) => each.step >= step);
  expect(server.events.some(({ type }) => type === 'hold')).toBe(false);
  return event;
};

/** Picks that event of that worker. */
export const worker =
  (name: string, what: WorkerEvent['event']): ((event: WorkerEvent) => boolean) =>
  (event) =>
    event.worker === name && event.event === what;

/** Waits for the hold, passes it, and for the end: finished, with the bits of the undisturbed run. */
export const expectSameBits = async (cluster: Cluster, server: WatchedContainer): Promise<void> => {
  await server.event('hold');
  await cluster.ask('POST', '/control/resume');
  expect(await server.event('end')).toMatchObject({
    status: 'finished',
    weightsSha256: await undisturbedWeights(),
  });
  expect(await server.end()).toEqual({ exitCode: 0, isOomKilled: false });
};
