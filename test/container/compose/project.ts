import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../../architecture/workspace.ts';
import { type DockerEngine, environmentOf } from '../engine/engine.ts';
import { freePort } from '../../support/cluster.ts';
import { baseImage } from '../images/base-image.ts';
import { run } from '../../support/run.ts';
import { prometheusImage } from './tools.ts';

/** A repository with nothing but deploy/ and the folder `images`, in which commands of the README are typed. */
export interface ComposeProject extends AsyncDisposable {
  /** deploy/compose in it. */
  readonly folder: string;
  readonly port: number;
  readonly prometheusPort: number;
  /** Runs a command line there, as somebody would type it. @throws Error with its output if it fails */
  type(command: string, env?: NodeJS.ProcessEnv): Promise<string>;
  /** The token that the project drew. */
  token(): Promise<string>;
}

const typingMs = 200_000;

/** Copies what Compose needs. Images come from the folder `images`, as there is no registry. */
export const openProject = async (engine: DockerEngine): Promise<ComposeProject> => {
  const place = await mkdtemp(join(engine.folder, 'compose-'));
  await cp(join(root, 'deploy'), join(place, 'deploy'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(place, 'node_modules')); // for npx
  const assemble = join(root, 'deploy/docker/assemble.js');
  await run(process.execPath, [assemble, join(place, 'images'), 'server', 'worker']);
  const folder = join(place, 'deploy/compose');
  const [port, prometheusPort] = [await freePort(), await freePort()];
  const always = {
    ...environmentOf(engine),
    PATH: ['/usr/bin', dirname(process.execPath), process.env['PATH']].join(delimiter),
    BASE: baseImage,
    BUILD_NETWORK: 'none',
    WORKER: 'worker-wasm',
    PROMETHEUS: prometheusImage,
    PORT: String(port),
    PROMETHEUS_PORT: String(prometheusPort),
  };
  const type: ComposeProject['type'] = (command, env) => {
    // The README has the port that is usual.
    const words = command.replaceAll(':7070', `:${port}`);
    return run('sh', ['-euc', words], {
      cwd: folder,
      env: { ...always, ...env },
      timeoutMs: typingMs,
    });
  };
  return {
    ...{ folder, port, prometheusPort, type },
    token: async () => (await readFile(join(folder, 'secrets/token'), 'utf8')).trim(),
    [Symbol.asyncDispose]: async () => {
      await type('docker compose down --remove-orphans --volumes');
      await rm(place, { recursive: true });
    },
  };
};
