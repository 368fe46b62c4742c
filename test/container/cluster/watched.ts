import { createInterface } from 'node:readline';
import type { RunEvent } from '@paceline/protocol';
import type { StartedTestContainer } from 'testcontainers';
import { within } from '../../support/deadline.ts';
import type { EventOf } from '../../support/paceline.ts';
import { sharedEngine } from '../shared-engine.ts';

/** How a container ended, as the engine knows it. */
export interface ContainerEnd {
  readonly exitCode: number;
  /** The kernel killed a process of it for want of memory. */
  readonly isOomKilled: boolean;
}

/** A container of a run whose output is read as it comes. */
export interface WatchedContainer {
  readonly id: string;
  readonly name: string;
  /** The events that it told on standard output. */
  readonly events: readonly RunEvent[];
  /** Everything else that it wrote. */
  readonly lines: readonly string[];
  /** The first event of that type that `is` accepts and that comes after the first `skip` events. */
  event<T extends RunEvent['type']>(
    type: T,
    is?: (event: EventOf<T>) => boolean,
    skip?: number,
  ): Promise<EventOf<T>>;
  /** The first line that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Waits for the end of the container. */
  end(): Promise<ContainerEnd>;
  /** Runs a command of Docker's on it: `act('kill')`, `act('stop', '--time', '2')`. */
  act(command: string, ...flags: readonly string[]): Promise<string>;
}

const deadlineMs = 200_000;

/** Reads the output of a container that was just started, until it ends. */
export const watch = async (container: StartedTestContainer): Promise<WatchedContainer> => {
  const id = container.getId();
  const name = container.getName().replace(/^\//, '');
  const events: RunEvent[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const output = await container.logs();
  output.on('error', () => undefined); // It is cut off with its container.
  createInterface({ input: output }).on('line', (line) => {
    if (line.startsWith('{"type":')) events.push(JSON.parse(line) as RunEvent);
    else lines.push(line);
    for (const look of waiting) look();
  });
  const told = (): string =>
    [...events.slice(-2).map((e) => JSON.stringify(e)), ...lines.slice(-3)].join('\n');

  /** What `find` finds, now or when more was written. */
  const found = async <T>(find: () => T | undefined, what: string): Promise<T> => {
    const result = Promise.withResolvers<T>();
    const look = (): void => {
      const value = find();
      if (value !== undefined) result.resolve(value);
    };
    waiting.add(look);
    look();
    try {
      return await within(result.promise, deadlineMs, () => `${what} of ${name}; last:\n${told()}`);
    } finally {
      waiting.delete(look);
    }
  };
  const act: WatchedContainer['act'] = (command, ...flags) =>
    sharedEngine().docker([command, ...flags, id]);
  return {
    id,
    name,
    events,
    lines,
    act,
    event: (type, is = () => true, skip = 0) =>
      found(() => {
        const isIt = (each: RunEvent): each is EventOf<typeof type> =>
          each.type === type && is(each as EventOf<typeof type>);
        return events.slice(skip).find(isIt);
      }, `an event ${type}`),
    line: (pattern) => found(() => lines.find((line) => pattern.test(line)), String(pattern)),
    end: async () => {
      await sharedEngine()
        .docker(['wait', id], { timeoutMs: deadlineMs })
        .catch(() => {
          throw new Error(`no end of ${name}; last:\n${told()}`);
        });
      const state = await act('inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}');
      const [exitCode, isOomKilled] = state.trim().split(' ');
      return { exitCode: Number(exitCode), isOomKilled: isOomKilled === 'true' };
    },
  };
};
