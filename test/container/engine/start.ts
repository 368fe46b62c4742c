import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installEngine, startDaemon, stopDaemon } from './daemon.ts';
import { type DockerEngine, engineAt } from './engine.ts';
import { removeEverything, watchForLeftovers } from './leftovers.ts';

export interface RunningEngine {
  readonly engine: DockerEngine;
  /**
   * Ends the engine (its own process only) with all that it has, and removes its folder.
   *
   * @throws Error with what the tests left to it, and what it left to the machine, when there is such a thing
   */
  stop(): Promise<void>;
}

/** Installs an engine if there is none, and starts it. Whoever calls this must `stop` it. */
export const startDockerEngine = async (): Promise<RunningEngine> => {
  await installEngine();
  const folder = await mkdtemp(join(tmpdir(), 'paceline-docker-'));
  const host = `unix://${folder}/docker.sock`;
  await mkdir(join(folder, 'config'));
  try {
    const daemon = await startDaemon(folder, host);
    const engine = engineAt({ host, folder });
    const leftovers = watchForLeftovers(engine);
    return {
      engine,
      stop: async () => {
        const inEngine = await leftovers.inEngine();
        await removeEverything(engine).finally(() => stopDaemon(daemon));
        const all = [...inEngine, ...(await leftovers.onMachine())];
        await rm(folder, { recursive: true });
        if (all.length > 0) throw new Error(`left behind by container tests:\n${all.join('\n')}`);
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};
