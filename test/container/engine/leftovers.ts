import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { client } from './daemon.ts';
import { type DockerEngine, environmentOf } from './engine.ts';

/** Sees what tests leave to an engine, and what the engine leaves to the machine. */
export interface Leftovers {
  /** Containers, networks and volumes. Each is the duty of whoever made it. */
  inEngine(): Promise<readonly string[]>;
  /** Bridges, mounts and processes that are still there a moment after the engine ended. */
  onMachine(): Promise<readonly string[]>;
}

/** Begins to note all containers and networks that the engine makes: once they are gone, nobody could say their names. */
export const watchForLeftovers = (engine: DockerEngine): Leftovers => {
  const made = noteCreations(engine);
  return {
    inEngine: async () =>
      (await Promise.all([containersIn(engine), networksIn(engine), volumesIn(engine)])).flat(),
    onMachine: async () => {
      for (let tries = 0; tries < settleTries; tries++) {
        if (leftOnMachine(engine, made).length === 0) return [];
        await setTimeout(settleMs);
      }
      return leftOnMachine(engine, made);
    },
  };
};

// The kernel takes a moment to give up a network namespace.
const settleTries = 20;
const settleMs = 250;

/** Removes all that an engine has but images, which are files of its folder. */
export const removeEverything = async ({ docker }: DockerEngine): Promise<void> => {
  const ids = lines(await docker(['ps', '--all', '--quiet']));
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
  // A network is a bridge of the machine's, and would outlive the engine.
  await docker(['network', 'prune', '--force']);
  await docker(['volume', 'prune', '--force']);
};

interface Creations {
  readonly containers: Set<string>;
  readonly bridges: Set<string>;
}

/** The engine's events, for as long as it lives. */
const noteCreations = (engine: DockerEngine): Creations => {
  const made: Creations = { containers: new Set(), bridges: new Set() };
  const filters = ['type=container', 'type=network', 'event=create'];
  const args = ['events', '--format', '{{.Type}} {{.Actor.ID}}'];
  const child = spawn(client, [...args, ...filters.flatMap((each) => ['--filter', each])], {
    env: { ...process.env, ...environmentOf(engine) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [type, id = ''] = line.split(' ');
    if (type === 'container') made.containers.add(id);
    else made.bridges.add(`br-${id.slice(0, 12)}`);
  });
  return made;
};

const containersIn = async ({ docker }: DockerEngine): Promise<readonly string[]> =>
  lines(await docker(['ps', '--all', '--format', 'container {{.Names}} of {{.Image}}']));

const networksIn = async ({ docker }: DockerEngine): Promise<readonly string[]> =>
  lines(
    await docker(['network', 'ls', '--filter', 'type=custom', '--format', 'network {{.Name}}']),
  );

const volumesIn = async ({ docker }: DockerEngine): Promise<readonly string[]> =>
  lines(await docker(['volume', 'ls', '--format', 'volume {{.Name}}']));

const leftOnMachine = ({ folder }: DockerEngine, made: Creations): readonly string[] => [
  ...[...made.bridges]
    .filter((name) => existsSync(`/sys/class/net/${name}`))
    .map((name) => `bridge ${name}`),
  // A pair of virtual links lives as long as the network namespace of its container, which is mounted here.
  ...lines(readFileSync('/proc/self/mountinfo', 'utf8'))
    .filter((line) => line.includes(` ${folder}/`))
    .map((line) => `mount ${line.split(' ')[4]}`),
  ...processesOf(folder, made.containers),
];

/** Processes of the engine (its folder is among their arguments) and of its containers (by their control group). */
const processesOf = (folder: string, containers: ReadonlySet<string>): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, words: readProc(pid, 'cmdline'), groups: readProc(pid, 'cgroup') }))
    .filter(({ words, groups }) => {
      const [, id = ''] = /\/docker\/(\w{64})/.exec(groups) ?? [];
      return words.includes(folder) || containers.has(id);
    })
    .map(({ pid, words }) => `process ${pid} ${words.replaceAll('\0', ' ')}`);

/** Empty for a process that is gone. */
const readProc = (pid: string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
