import type { ThreadTimeline } from '@paceline/telemetry';

/** Where the time of a step goes, in milliseconds a step. Threads work side by side: the phases do not add to the step. */
export interface Phases {
  /** Of a worker's compute thread, the mean of all workers: the leaves, without what follows. */
  readonly compute: number;
  /** Gradients out of TensorFlow. */
  readonly readBack: number;
  /** Of a worker's communication thread, likewise: sums of leaves, and their frames into the socket. */
  readonly push: number;
  /** Of the server: nodes into the sums, and whether the roots are finite. */
  readonly sum: number;
  readonly update: number;
  /** Buckets of the new parameters into all sockets. */
  readonly publish: number;
  /** Of a worker's communication thread: parameters out of the socket. */
  readonly pull: number;
  /** Parameters into the model. */
  readonly writeBack: number;
  /** Of a worker's compute thread: when it does none of its phases. */
  readonly wait: number;
}

/** A piece of a run, on the clock of its timeline. */
export interface Window {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly steps: number;
}

const server = 'server';

/** What the phases of one step are, from all that the threads of a run did in `window`. Pure. */
export function phasesOf(threads: readonly ThreadTimeline[], window: Window): Phases {
  const workers = new Set(threads.map(({ process }) => process).filter((name) => name !== server));
  const total = (isOf: (process: string) => boolean, ...names: readonly string[]): number => {
    const spans = threads.filter(({ process }) => isOf(process)).flatMap(({ spans }) => spans);
    const micros = spans.reduce((sum, [name, start, duration]) => {
      const isInside = start >= window.fromMicros && start < window.toMicros;
      return names.includes(name) && isInside ? sum + duration : sum;
    }, 0);
    return micros / 1000 / window.steps;
  };
  const ofWorker = (...names: readonly string[]): number => {
    return total((process) => process !== server, ...names) / Math.max(1, workers.size);
  };
  const ofServer = (...names: readonly string[]): number => {
    return total((process) => process === server, ...names);
  };
  const stepMs = (window.toMicros - window.fromMicros) / 1000 / window.steps;
  return {
    compute: ofWorker('forward', 'backward'),
    readBack: ofWorker('read back'),
    push: ofWorker('push'),
    sum: ofServer('sum', 'check-root'),
    update: ofServer('update'),
    publish: ofServer('publish'),
    pull: ofWorker('pull'),
    writeBack: ofWorker('write back'),
    wait: stepMs - ofWorker('forward', 'backward', 'read back', 'write back', 'read ahead'),
  };
}
