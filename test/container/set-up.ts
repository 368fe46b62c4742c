import type { TestProject } from 'vitest/node';
import { canInstallPackages } from '../support/debian.ts';
import type { EnginePlace } from './engine/engine.ts';
import { startDockerEngine } from './engine/start.ts';
import { buildImages, buildableTargets } from './images/images.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine that all container tests share, with the images of all targets; absent where none can run. */
    readonly engine: EnginePlace | undefined;
  }
}

/**
 * Starts one Docker engine for all container tests and builds the images into it; what is returned ends it.
 *
 * @throws Error from the returned function, which fails the run, when a test left something behind
 */
export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (!canInstallPackages()) {
    project.provide('engine', undefined);
    return undefined;
  }
  const { engine, stop } = await startDockerEngine();
  project.provide('engine', { host: engine.host, folder: engine.folder });
  try {
    await buildImages(engine, buildableTargets());
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
};
