import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { root } from '../../architecture/workspace.ts';
import { baseImage } from '../images/base-image.ts';
import { imageOf } from '../images/images.ts';
import { sharedEngine } from '../shared-engine.ts';
import { type ContainerOptions, type ContainerPlan, startContainer } from './start-container.ts';
import { watch, type WatchedContainer } from './watched.ts';

const port = 7070;
const jobFile = '/etc/paceline/job.json';

/** The job of all lifecycle tests: data only, so that workers need nothing of it. */
export const steadyJob: string = join(root, 'test/container/cluster/steady.json');

/** A run in containers: a network and a volume of its own, a server, workers that come and go. */
export class Cluster implements AsyncDisposable {
  readonly network: StartedNetwork;
  /** Whoever has it may do everything. */
  readonly token: string = randomBytes(32).toString('hex');
  private readonly mark: string;
  private readonly containers: StartedTestContainer[] = [];

  constructor(network: StartedNetwork, mark: string) {
    this.network = network;
    this.mark = mark;
  }

  /** Starts a server on the run's volume. It is there when it listens. */
  async startServer(options: ContainerOptions = {}): Promise<WatchedContainer> {
    const { flags = [], mounts = [] } = options;
    const server = await this.start(this.serverName, {
      image: imageOf('server'),
      ...options,
      command: [jobFile, '--json', '--every', '1', ...flags],
      mounts: [
        { source: this.volume, target: '/out' },
        { source: steadyJob, target: jobFile },
        ...mounts,
      ],
    });
    await server.event('server', ({ event }) => event === 'started');
    return server;
  }

  /** Starts a worker of that name. */
  async startWorker(
    name: string,
    options: ContainerOptions = {},
    scheme: 'ws' | 'wss' = 'ws',
  ): Promise<WatchedContainer> {
    const url = `${scheme}://${this.serverName}:${port}`;
    const command = [url, '--name', name, ...(options.flags ?? [])];
    return await this.start(this.nameOf(name), {
      image: imageOf('worker-wasm'),
      ...options,
      command,
    });
  }

  /** Starts a container that ended, and reads its output from the beginning. */
  async startAgain({ id }: WatchedContainer): Promise<WatchedContainer> {
    await sharedEngine().docker(['start', id]);
    const container = this.containers.find((each) => each.getId() === id);
    if (container === undefined) throw new Error(`${id} is not of this cluster`);
    return await watch(container);
  }

  /** Takes an address of the network, so that nobody else gets it. */
  async takeAddress(): Promise<void> {
    const { network } = this;
    const name = this.nameOf('other');
    const command = ['sleep', '600'];
    const image = baseImage;
    this.containers.push(await startContainer({ image, name, network, command }));
  }

  /** Address of a container, by its name or id, in the run's network. */
  async addressOf(container: string): Promise<string> {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return (await sharedEngine().docker(['inspect', '--format', format, container])).trim();
  }

  /** Asks the server over HTTP, at the address of its container. */
  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const url = `http://${await this.addressOf(this.serverName)}:${port}${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path} is answered ${response.status}: ${answer}`);
    return JSON.parse(answer) as unknown;
  }

  /** Name of the server's container, and so its name in the network. */
  get serverName(): string {
    return this.nameOf('server');
  }

  /** Removes containers, network and volume. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { docker } = sharedEngine();
    const ids = this.containers.map((container) => container.getId());
    if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
    await this.network.stop();
    await docker(['volume', 'rm', this.volume]);
  }

  private async start(
    name: string,
    plan: Omit<ContainerPlan, 'name' | 'network'>,
  ): Promise<WatchedContainer> {
    const environment = { PACELINE_TOKEN: this.token };
    const container = await startContainer({
      environment,
      ...plan,
      name,
      network: this.network,
    });
    this.containers.push(container);
    return await watch(container);
  }

  private nameOf(role: string): string {
    return `${role}-${this.mark}`;
  }

  private get volume(): string {
    return this.nameOf('volume');
  }
}

/** Opens a run's network and volume; `await using` it. */
export const openCluster = async (): Promise<Cluster> => {
  const mark = randomUUID().slice(0, 8);
  const cluster = new Cluster(await new Network().start(), mark);
  await sharedEngine().docker(['volume', 'create', `volume-${mark}`]);
  return cluster;
};
