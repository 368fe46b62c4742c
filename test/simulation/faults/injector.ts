import type { RunEvent } from '@paceline/protocol';
import { decodeMessage } from '@paceline/protocol';
import type { Departure } from '../world/network.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Fault, Moment, Point } from './fault.ts';
import { describeFault } from './fault.ts';
import type { Battlefield } from './strike.ts';
import { strike } from './strike.ts';

/** Watches for the moments of a schedule's faults and lets them strike. */
export interface Injector {
  /** Faults that did strike. */
  readonly fired: readonly Fault[];
  /** When a fault began or ended last. */
  readonly lastChangeMs: number;
  /** A machine begins a leaf. */
  onLeaf(machine: string, version: number): void;
  /** The server says something. */
  onEvent(event: RunEvent): void;
  /** A frame has left its sender. */
  onDeparture(departure: Departure): void;
}

/** What the injector works with. */
export interface InjectorOptions {
  readonly faults: readonly Fault[];
  readonly timeline: Timeline;
  readonly field: Pick<Battlefield, 'cluster' | 'uniform'>;
  readonly onNote: (line: string) => void;
}

/** Arms all faults. */
export function createInjector(options: InjectorOptions): Injector {
  return new ArmedInjector(options);
}

/** Message codes, at the second byte of a frame: node, snapshot, parameters. */
const nodeCode = 4;
const parameterCodes = [18, 21];

class ArmedInjector implements Injector {
  readonly fired: Fault[] = [];
  lastChangeMs = 0;
  private readonly options: InjectorOptions;
  private readonly field: Battlefield;
  private readonly lastNodes = new Map<string, Uint8Array>();
  private readonly counts = new Map<string, number>();
  private armed: readonly Fault[];

  constructor(options: InjectorOptions) {
    this.options = options;
    this.armed = options.faults;
    this.field = {
      ...options.field,
      lastNode: (machine) => this.lastNodes.get(machine),
      later: (delayMs, act) => this.later(delayMs, act),
    };
    for (const fault of options.faults) {
      if (fault.at.on === 'time') options.timeline.after(fault.at.ms, () => this.fire([fault]));
    }
  }

  onLeaf(machine: string, version: number): void {
    this.reach({ on: 'leaf', machine, version });
  }

  onEvent(event: RunEvent): void {
    if (event.type !== 'step' && event.type !== 'evaluation' && event.type !== 'checkpoint') return;
    this.reach({ on: event.type, machine: 'server', version: event.step });
  }

  onDeparture({ circuit, direction, frame, isForged }: Departure): void {
    if (isForged) return;
    const { machine } = circuit;
    const code = frame[1] ?? 0;
    if (direction === 'up' && code === nodeCode) {
      this.lastNodes.set(machine, frame);
      if (!this.isWatched('node', machine)) return;
      const message = decodeMessage(frame, 'worker');
      if (message.kind === 'node') this.reach({ on: 'node', machine, version: message.step });
    } else if (direction === 'down' && parameterCodes.includes(code)) {
      if (!this.isWatched('parameters', machine)) return;
      const message = decodeMessage(frame, 'server');
      if (message.kind !== 'parameters' && message.kind !== 'snapshot') return;
      this.reach({ on: 'parameters', machine, version: message.version });
    }
  }

  private isWatched(on: Moment['on'], machine: string): boolean {
    return this.armed.some(({ at }) => at.on === on && at.on !== 'time' && at.machine === machine);
  }

  private reach({ on, machine, version }: Point): void {
    const key = `${on} ${machine} ${String(version)}`;
    const nth = this.counts.get(key) ?? 0;
    this.counts.set(key, nth + 1);
    const isNow = ({ at }: Fault): boolean =>
      at.on === on && at.machine === machine && at.version === version && at.nth === nth;
    this.fire(this.armed.filter(isNow));
  }

  /** A fault never strikes in the middle of what set it off: it is the next thing that happens. */
  private fire(faults: readonly Fault[]): void {
    if (faults.length === 0) return;
    this.armed = this.armed.filter((fault) => !faults.includes(fault));
    for (const fault of faults) {
      const delayMs = fault.at.on === 'time' ? 0 : fault.at.delayMs;
      this.options.timeline.after(delayMs, () => {
        if (!strike(fault, this.field)) return;
        this.fired.push(fault);
        this.change(describeFault(fault));
      });
    }
  }

  private later(delayMs: number, act: () => void): void {
    this.options.timeline.after(delayMs, () => {
      this.change('a fault goes on or ends');
      act();
    });
  }

  private change(note: string): void {
    this.lastChangeMs = this.options.timeline.nowMs;
    this.options.onNote(note);
  }
}
