import { availableParallelism, totalmem } from 'node:os';

import type { Finding } from './finding.ts';

const gigabyte = 2 ** 30;

/** What a machine is, as far as it matters here; a parameter so that tests can have others. */
export interface Machine {
  readonly nodeVersion: string;
  readonly platform: string;
  readonly architecture: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    nodeVersion: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** Node and the machine; `workers` is how many are going to run here. */
export function examineMachine(machine: Machine, workers: number): readonly Finding[] {
  const { nodeVersion, platform, architecture, cores, memoryBytes } = machine;
  const major = Number(nodeVersion.split('.')[0]);
  const node: Finding = {
    subject: 'Node',
    status: major >= 24 ? 'ok' : 'warn',
    text: `${nodeVersion} on ${platform} ${architecture}`,
    ...(major >= 24 ? {} : { remedy: 'It works; Node 24 is what paceline is tested with.' }),
  };
  const enough = cores >= workers;
  const memory = `${(memoryBytes / gigabyte).toFixed(1)} GiB of memory`;
  const cpu: Finding = {
    subject: 'cores',
    status: enough ? 'ok' : 'warn',
    text: `${cores} for ${workers} workers, ${memory}`,
    ...(enough
      ? {}
      : { remedy: `Use --workers ${cores}: more workers than cores wait for each other.` }),
  };
  return [node, cpu];
}
