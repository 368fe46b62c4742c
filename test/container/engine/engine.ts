import { join } from 'node:path';
import { run, type RunOptions } from '../../support/run.ts';
import { client } from './daemon.ts';

/** Where an engine is; plain data, so that other processes can be told. */
export interface EnginePlace {
  /** Its address, as `DOCKER_HOST` wants it. */
  readonly host: string;
  /** A folder for whatever the tests need; gone with the engine. */
  readonly folder: string;
}

/** A Docker engine of the tests' own: nothing of it is shared with an engine that the machine may already run. */
export interface DockerEngine extends EnginePlace {
  /** Runs Docker's command line against it. */
  docker(args: readonly string[], options?: RunOptions): Promise<string>;
}

/** An engine that runs at that place. */
export const engineAt = ({ host, folder }: EnginePlace): DockerEngine => ({
  host,
  folder,
  docker: (args, options) =>
    run(client, args, { ...options, env: { ...options?.env, ...environmentOf({ host, folder }) } }),
});

/** What Docker's command line needs, to talk to that engine and to read no file of the user's. */
export const environmentOf = ({ host, folder }: EnginePlace): NodeJS.ProcessEnv => ({
  DOCKER_HOST: host,
  DOCKER_CONFIG: join(folder, 'config'),
});
