import {
  GenericContainer,
  type StartedNetwork,
  type StartedTestContainer,
  StartupCheckStrategy,
} from 'testcontainers';

/** A file or folder of this machine, or a volume, in a container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

export interface ContainerOptions {
  /** One of those that were built for the tests, by default that of the role. */
  readonly image?: string;
  /** More flags of the program. */
  readonly flags?: readonly string[];
  /** Instead of the variable with the run's token. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
  /** Cores, or a part of one. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  /** `UID:GID` */
  readonly user?: string;
}

/** What the role settles. */
export interface ContainerPlan extends ContainerOptions {
  readonly image: string;
  readonly name: string;
  readonly network: StartedNetwork;
  readonly command: readonly string[];
}

/** Starts a container that may do as little as possible: no capability, a read-only root. Does not wait for what is in it. */
export const startContainer = async (plan: ContainerPlan): Promise<StartedTestContainer> => {
  const { environment = {}, mounts = [], cpu, memoryBytes } = plan;
  const container = new Confined(plan.image)
    .withName(plan.name)
    .withNetwork(plan.network)
    .withEnvironment(environment)
    .withCommand([...plan.command])
    .withBindMounts([...mounts])
    .withDroppedCapabilities('ALL')
    .withResourcesQuota({
      ...(cpu === undefined ? {} : { cpu }),
      ...(memoryBytes === undefined ? {} : { memory: memoryBytes / 2 ** 30 }),
    })
    .withWaitStrategy(whenStarted());
  return await (plan.user === undefined ? container : container.withUser(plan.user)).start();
};

class Confined extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.hostConfig.SecurityOpt = ['no-new-privileges'];
  }
}

/** Waits for nothing: the check in the image would tell more, but takes seconds, and the container may be gone by then. */
export const whenStarted = (): StartupCheckStrategy => new Started();

class Started extends StartupCheckStrategy {
  override checkStartupState(): Promise<'SUCCESS'> {
    return Promise.resolve('SUCCESS');
  }
}
