import type { Job, RunEvent } from '@paceline/protocol';
import type { CheckpointStorage, RunningServer, RunSummary } from '@paceline/server';
import { startServer } from '@paceline/server';
import type { Logger } from '@paceline/telemetry';
import type { Network } from '../world/network.ts';
import type { SimulatedProcess } from '../world/process.ts';

/** A parameter server at work: the real one. */
export interface SimulatedServer {
  readonly process: SimulatedProcess;
  /** Undefined until it listens. */
  readonly running: RunningServer | undefined;
}

/** What a server is started with. */
export interface ServerStart {
  readonly process: SimulatedProcess;
  readonly job: Job;
  readonly url: string;
  readonly network: Network;
  readonly minWorkers: number;
  readonly storage: CheckpointStorage;
  /** Names runs and sessions. */
  readonly createId: () => string;
  readonly logger: Logger;
  readonly onEvent: (event: RunEvent) => void;
  readonly onFinished: (summary: RunSummary) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Starts a server in a process. */
export function startSimulatedServer(start: ServerStart): SimulatedServer {
  const { process, job, network } = start;
  let running: RunningServer | undefined;
  const serve = async (): Promise<void> => {
    running = await startServer({
      job,
      source: { kind: 'file', name: 'toy' },
      listen: start.url,
      minWorkers: start.minWorkers,
      storage: start.storage,
      createId: start.createId,
      everySteps: 1,
      transport: network.transportOf(process),
      clock: process.clock,
      logger: start.logger,
      onEvent: start.onEvent,
    });
    start.onFinished(await running.finished);
  };
  serve().catch(start.onFailure);
  return {
    process,
    get running() {
      return running;
    },
  };
}
