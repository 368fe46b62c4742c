import type { Clock } from '@paceline/telemetry';
import type { Timeline } from './timeline.ts';

/**
 * A process of the simulated cluster: everything that happens inside it goes through `run` or its clock, so that it can be
 * killed (nothing of it ever runs again) and paused (SIGSTOP: what falls due meanwhile runs afterwards, late).
 */
export interface SimulatedProcess {
  readonly name: string;
  /** The clock that its code gets. */
  readonly clock: Clock;
  readonly isAlive: boolean;
  readonly isPaused: boolean;
  /** How many times slower than usual it computes. */
  slowness: number;
  /** Timers that its code has set. */
  readonly timers: number;
  /** Something reaches the process: `act` runs now, after the pause, or never. An exception crashes the process. */
  run(act: () => void): void;
  /** SIGKILL, or an end by its own will: its sockets are closed by the system. */
  kill(): void;
  pause(): void;
  resume(): void;
  /** What the system does when it is gone. */
  onDeath(act: () => void): void;
  /** Its wall clock is set by so much; the monotonic one never jumps. */
  jumpWallClock(ms: number): void;
}

/** Where processes live. */
export interface ProcessHost {
  readonly timeline: Timeline;
  /** A process threw what it did not catch. */
  readonly onCrash: (process: SimulatedProcess, error: unknown) => void;
}

const wallStartMs = Date.UTC(2026, 0, 1);

/** Starts a process; it does nothing by itself. */
export function startProcess(name: string, host: ProcessHost): SimulatedProcess {
  return new HostedProcess(name, host);
}

class HostedProcess implements SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  isAlive = true;
  isPaused = false;
  slowness = 1;
  timers = 0;
  private readonly host: ProcessHost;
  private readonly lateTimers: (() => void)[] = [];
  private readonly lateArrivals: (() => void)[] = [];
  private readonly mourners: (() => void)[] = [];
  private wallOffsetMs = wallStartMs;

  constructor(name: string, host: ProcessHost) {
    this.name = name;
    this.host = host;
    const { timeline } = host;
    this.clock = {
      now: () => timeline.nowMs,
      wallMs: () => timeline.nowMs + this.wallOffsetMs,
      setTimer: (delayMs, run) => this.setTimer(delayMs, run),
    };
  }

  run(act: () => void): void {
    if (this.isPaused) this.lateArrivals.push(act);
    else this.perform(act);
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const act of this.mourners.splice(0)) act();
  }

  pause(): void {
    this.isPaused = true;
  }

  /** An event loop that comes back runs the timers that are due before it looks at its sockets. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    const late = [...this.lateTimers.splice(0), ...this.lateArrivals.splice(0)];
    for (const act of late) this.host.timeline.after(0, () => this.run(act));
  }

  onDeath(act: () => void): void {
    this.mourners.push(act);
  }

  jumpWallClock(ms: number): void {
    this.wallOffsetMs += ms;
  }

  private perform(act: () => void): void {
    if (!this.isAlive) return;
    try {
      act();
    } catch (error) {
      this.kill();
      this.host.onCrash(this, error);
    }
  }

  private setTimer(delayMs: number, run: () => void): () => void {
    if (!this.isAlive) return () => undefined;
    let isSet = true;
    this.timers += 1;
    const clear = (): void => {
      if (!isSet) return;
      isSet = false;
      this.timers -= 1;
    };
    const fire = (): void => {
      if (!isSet) return;
      if (this.isPaused) {
        this.lateTimers.push(fire);
        return;
      }
      clear();
      this.perform(run);
    };
    const cancel = this.host.timeline.after(delayMs, fire);
    return () => {
      clear();
      cancel();
    };
  }
}
