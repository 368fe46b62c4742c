import type { Listener, ListenOptions, Transport } from '@paceline/transport';
import { TransportError } from '@paceline/transport';
import { Endpoint } from './endpoint.ts';
import type { LaneQuality, Link } from './link.ts';
import { createLink } from './link.ts';
import type { SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Traffic, Wire } from './wire.ts';
import { createWire } from './wire.ts';

/** A connection between a machine and the server's, seen from outside. */
export interface Circuit {
  readonly number: number;
  /** The machine of the end that connected. */
  readonly machine: string;
  /** The end that connected, and the listener's. */
  readonly near: Endpoint;
  readonly far: Endpoint;
  readonly up: Wire;
  readonly down: Wire;
}

/** A frame that has just left its sender. */
export interface Departure {
  readonly circuit: Circuit;
  readonly direction: 'up' | 'down';
  readonly frame: Uint8Array;
  /** Put there by a fault. */
  readonly isForged: boolean;
}

/** A network of machines around one server. A process is on the machine of its name, or of the part before its `/`. */
export interface Network {
  /** The transport that a process gets. */
  transportOf(process: SimulatedProcess): Transport;
  linkOf(machine: string): Link;
  /** The newest connection of a machine that is still up. */
  circuitOf(machine: string): Circuit | undefined;
  /** Everything that has not arrived, handshakes included. */
  readonly traffic: Traffic;
  /** The most bytes that ever waited in one place. */
  readonly peakBytes: number;
}

/** What a network is like. */
export interface NetworkOptions {
  readonly timeline: Timeline;
  readonly quality: LaneQuality;
  /** A stream of numbers in [0, 1) for the wires of a connection. */
  readonly uniformOf: (circuit: number) => () => number;
  readonly onDeparture: (departure: Departure) => void;
}

interface Place {
  readonly owner: SimulatedProcess;
  readonly options: ListenOptions;
  readonly ends: Set<Endpoint>;
}

/** Opens the network. */
export function createNetwork(options: NetworkOptions): Network {
  return new SimulatedNetwork(options);
}

class SimulatedNetwork implements Network {
  readonly traffic: Traffic = { underWay: 0 };
  private readonly options: NetworkOptions;
  private readonly links = new Map<string, Link>();
  private readonly places = new Map<string, Place>();
  private readonly circuits: Circuit[] = [];

  constructor(options: NetworkOptions) {
    this.options = options;
  }

  get peakBytes(): number {
    return Math.max(
      0,
      ...this.circuits.flatMap(({ near, far }) => [near.peakBytes, far.peakBytes]),
    );
  }

  linkOf(machine: string): Link {
    const known = this.links.get(machine);
    if (known !== undefined) return known;
    const link = createLink(this.options.quality);
    this.links.set(machine, link);
    return link;
  }

  circuitOf(machine: string): Circuit | undefined {
    return this.circuits.findLast((each) => each.machine === machine && !each.near.isEnded);
  }

  transportOf(process: SimulatedProcess): Transport {
    return {
      listen: (address, options) => this.listen(process, address, options),
      connect: (url, { timeoutMs, maxFrameBytes }) =>
        this.connect(process, { url, timeoutMs, maxFrameBytes }),
    };
  }

  private async listen(
    owner: SimulatedProcess,
    url: string,
    options: ListenOptions,
  ): Promise<Listener> {
    await Promise.resolve();
    if (this.places.has(url)) throw new TransportError('address-in-use', url, `${url}: in use`);
    const place: Place = { owner, options, ends: new Set() };
    this.places.set(url, place);
    const leave = (): void => {
      if (this.places.get(url) === place) this.places.delete(url);
    };
    owner.onDeath(leave);
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= this.closePlace(place, leave));
    return { address: url, url, close, [Symbol.asyncDispose]: close };
  }

  private async closePlace(place: Place, leave: () => void): Promise<void> {
    leave();
    for (const end of place.ends) end.close(4009, 'the server stopped listening');
    while (place.ends.size > 0) {
      await new Promise<void>((resolve) => void place.owner.clock.setTimer(1, resolve));
    }
  }

  /** A handshake: there, into the server's process, and back; the peer knows of it one way earlier. */
  private connect(
    client: SimulatedProcess,
    o: { readonly url: string; readonly timeoutMs: number; readonly maxFrameBytes: number },
  ): Promise<Endpoint> {
    const { url } = o;
    const { timeline } = this.options;
    const machine = machineOf(client.name);
    const { up, down } = this.linkOf(machine);
    const outcome = Promise.withResolvers<Endpoint>();
    let isPending = true;
    this.traffic.underWay += 1;
    const settle = (act: () => void): void => {
      if (!isPending) return;
      isPending = false;
      cancelTimeout();
      this.traffic.underWay -= 1;
      act();
    };
    const cancelTimeout = client.clock.setTimer(o.timeoutMs, () => {
      settle(() => outcome.reject(new TransportError('timeout', url, `${url}: no answer in time`)));
    });
    client.onDeath(() => settle(() => undefined));
    const answer = (act: () => void): void => {
      const arrive = (): void => down.gate.pass(() => client.run(() => settle(act)));
      timeline.after(down.latencyMs, arrive);
    };
    const refuse = (): void => {
      const error = new TransportError('refused', url, `${url}: nobody listens there`);
      answer(() => outcome.reject(error));
    };
    const reach = (): void => {
      const place = this.places.get(url);
      if (place === undefined) return refuse();
      place.owner.run(() => {
        // A process that was paused may have stopped listening first thing.
        if (this.places.get(url) !== place) return refuse();
        const circuit = this.join(client, place, o.maxFrameBytes);
        answer(() => outcome.resolve(circuit.near));
        place.options.onConnection(circuit.far);
        // The system of a client that has given up answers with a reset.
        if (!isPending) circuit.near.die();
      });
    };
    timeline.after(up.latencyMs, () => up.gate.pass(reach));
    return outcome.promise;
  }

  private join(client: SimulatedProcess, place: Place, maxFrameBytes: number): Circuit {
    const { timeline, uniformOf, onDeparture } = this.options;
    const number = this.circuits.length;
    const machine = machineOf(client.name);
    const link = this.linkOf(machine);
    const near = new Endpoint({
      peer: 'server',
      owner: client,
      timeline,
      maxFrameBytes,
      onEnd: () => undefined,
    });
    const far = new Endpoint({
      peer: client.name,
      owner: place.owner,
      timeline,
      maxFrameBytes: place.options.maxFrameBytes,
      strangerBytes: place.options.guard?.strangerBytes,
      onEnd: () => place.ends.delete(far),
    });
    const shared = { timeline, traffic: this.traffic, uniform: uniformOf(number) };
    const wireTo = (end: Endpoint, direction: 'up' | 'down'): Wire =>
      createWire({
        ...shared,
        lane: link[direction],
        onArrival: (parcel) => end.receive(parcel),
        onDeparture: (frame, isForged) => {
          onDeparture({ circuit, direction, frame, isForged });
        },
      });
    const up = wireTo(far, 'up');
    const down = wireTo(near, 'down');
    const circuit: Circuit = { number, machine, near, far, up, down };
    near.attach(up);
    far.attach(down);
    client.onDeath(() => near.die());
    place.owner.onDeath(() => far.die());
    place.ends.add(far);
    this.circuits.push(circuit);
    return circuit;
  }
}

/** Two processes of one machine share its link: `w1` and `w1/twin`. */
function machineOf(process: string): string {
  return process.split('/')[0] ?? process;
}
