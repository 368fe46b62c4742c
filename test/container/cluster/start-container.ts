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
}

/** What the role settles. */
export interface ContainerPlan extends ContainerOptions {
  readonly image: string;
  readonly name: string;
  readonly network: StartedNetwork;
  readonly command: readonly string[];
}

/** Starts a container without any capability; does not wait for what is in it. */
export const startContainer = async (plan: ContainerPlan): Promise<StartedTestContainer> => {
  const { environment = {}, mounts = [], cpu, memoryBytes } = plan;
  return await new GenericContainer(plan.image)
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
    .withWaitStrategy(new Started())
    .start();
};

/** The check in the image would tell more, but takes seconds. */
class Started extends StartupCheckStrategy {
  override checkStartupState(): Promise<'SUCCESS'> {
    return Promise.resolve('SUCCESS');
  }
}
