import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  GenericContainer,
  Network,
  type StartedTestContainer,
  StartupCheckStrategy,
} from 'testcontainers';
import { root } from '../../architecture/workspace.ts';
import { imageOf } from '../images/images.ts';
import { sharedEngine } from '../shared-engine.ts';
import { watch, type WatchedContainer } from './watched.ts';

/** A file of this machine, in a container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface ContainerOptions {
  /** Those of the images that were built here by default. */
  readonly image?: string;
  /** More flags of the program. */
  readonly flags?: readonly string[];
  /** Instead of the variable with the run's token. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
  /** Shares of one core. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  /** `UID:GID` */
  readonly user?: string;
}

/** A run in containers: a network and a volume of its own, a server, workers that come and go. */
export interface Cluster extends AsyncDisposable {
  /** Name of the server's container, and so its name in the network. */
  readonly serverName: string;
  readonly network: string;
  readonly token: string;
  /** Starts a server on the run's volume. It is there when it listens. */
  startServer(options?: ContainerOptions): Promise<WatchedContainer>;
  /** Starts a worker of that name. */
  startWorker(name: string, options?: ContainerOptions): Promise<WatchedContainer>;
  /** Asks the server over HTTP, at the address of its container. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

const port = 7070;
const jobFile = '/etc/paceline/job.json';
/** The job of all lifecycle tests: data only, so that workers need nothing of it. */
export const steadyJob: string = join(root, 'test/container/cluster/steady.json');

/** Opens a run's network and volume. Disposing of it removes them, and all containers. */
export const openCluster = async (): Promise<Cluster> => {
  const { docker } = sharedEngine();
  const network = await new Network().start();
  const mark = randomUUID().slice(0, 8);
  const volume = `paceline-${mark}`;
  await docker(['volume', 'create', volume]);
  const serverName = `server-${mark}`;
  const token = randomBytes(32).toString('hex');
  const containers: StartedTestContainer[] = [];

  const start = async (
    image: string,
    name: string,
    o: ContainerOptions & { command: string[]; mounts: readonly Mount[] },
  ) => {
    const { environment = { PACELINE_TOKEN: token } } = o;
    const container = new GenericContainer(image)
      .withName(name)
      .withNetwork(network)
      .withEnvironment(environment)
      .withCommand(o.command)
      .withBindMounts([...o.mounts])
      .withDroppedCapabilities('ALL')
      .withWaitStrategy(new Running())
      .withResourcesQuota({
        ...(o.cpu === undefined ? {} : { cpu: o.cpu }),
        ...(o.memoryBytes === undefined ? {} : { memory: o.memoryBytes / 2 ** 30 }),
      });
    if (o.user !== undefined) container.withUser(o.user);
    const started = await container.start();
    containers.push(started);
    return await watch(started);
  };

  return {
    serverName,
    network: network.getName(),
    token,
    startServer: async (options = {}) => {
      const { image = imageOf('server'), flags = [], mounts = [] } = options;
      const server = await start(image, serverName, {
        ...options,
        command: [jobFile, '--json', '--every', '1', ...flags],
        mounts: [
          { source: volume, target: '/out' },
          { source: steadyJob, target: jobFile },
          ...mounts,
        ],
      });
      await server.event('server', ({ event }) => event === 'started');
      return server;
    },
    startWorker: async (name, options = {}) => {
      const { image = imageOf('worker-wasm'), flags = [], mounts = [] } = options;
      return await start(image, `${name}-${mark}`, {
        ...options,
        command: [`ws://${serverName}:${port}`, '--name', name, ...flags],
        mounts,
      });
    },
    ask: async (method, path, body) => {
      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
      const address = (await docker(['inspect', '--format', format, serverName])).trim();
      const response = await fetch(`http://${address}:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok)
        throw new Error(`${path} is answered ${response.status}: ${await response.text()}`);
      return await response.json();
    },
    [Symbol.asyncDispose]: async () => {
      const ids = containers.map((container) => container.getId());
      if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
      await network.stop();
      await docker(['volume', 'rm', volume]);
    },
  };
};

/** The image's own health check would do as well, but takes seconds. */
class Running extends StartupCheckStrategy {
  override checkStartupState(): Promise<'SUCCESS'> {
    return Promise.resolve('SUCCESS');
  }
}
