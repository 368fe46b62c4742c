import type { Cluster } from '../roles/cluster.ts';
import { serverUrl } from '../roles/cluster.ts';
import type { Lane, Link } from '../world/link.ts';
import { damagedFrame } from './damage.ts';
import type { Fault, Mischief } from './fault.ts';
import { sendStranger } from './stranger.ts';

/** What a fault needs to strike. */
export interface Battlefield {
  readonly cluster: Cluster;
  /** Does something later; a fault that ends is a change of the world like one that begins. */
  later(delayMs: number, act: () => void): void;
  /** The node frame that left a machine last. */
  lastNode(machine: string): Uint8Array | undefined;
  /** A number in [0, 1). */
  readonly uniform: () => number;
}

type Strike<Kind extends Fault['kind']> = (
  mischief: Extract<Mischief, { readonly kind: Kind }>,
  field: Battlefield,
) => boolean;

/** Lets a fault strike; false when there was nothing to strike (the worker is gone already, ...). */
export function strike(fault: Fault, field: Battlefield): boolean {
  const act = strikes[fault.kind] as Strike<Fault['kind']>;
  return act(fault, field);
}

const strikes: { readonly [Kind in Fault['kind']]: Strike<Kind> } = {
  crash({ machine, restartMs }, { cluster }) {
    const worker = cluster.workerOn(machine);
    worker?.process.kill();
    cluster.restartLater(machine, restartMs);
    return worker !== undefined;
  },
  'break-down'({ machine }, { cluster }) {
    const worker = cluster.workerOn(machine);
    worker?.compute.breakDown();
    return worker !== undefined;
  },
  nonsense({ machine }, { cluster }) {
    const worker = cluster.workerOn(machine);
    worker?.compute.talkNonsense();
    return worker !== undefined;
  },
  drain({ machine, restartMs }, { cluster }) {
    const isThere = cluster.workerOn(machine) !== undefined;
    cluster.drain(machine, restartMs);
    return isThere;
  },
  pause({ machine, forMs }, { cluster, later }) {
    const process = cluster.processOn(machine);
    if (process === undefined || process.isPaused) return false;
    process.pause();
    later(forMs, () => process.resume());
    return true;
  },
  slow({ machine, factor, forMs }, { cluster, later }) {
    const process = cluster.processOn(machine);
    if (process === undefined) return false;
    process.slowness = factor;
    later(forMs, () => {
      process.slowness = 1;
    });
    return true;
  },
  cut({ machine }, { cluster }) {
    const circuit = cluster.network.circuitOf(machine);
    circuit?.near.terminate();
    circuit?.far.terminate();
    return circuit !== undefined;
  },
  partition({ machine, way, forMs }, { cluster, later }) {
    const lanes = lanesOf(cluster.network.linkOf(machine), way).filter(({ gate }) => gate.isOpen);
    for (const { gate } of lanes) gate.shut();
    later(forMs, () => {
      for (const { gate } of lanes) gate.open();
    });
    return lanes.length > 0;
  },
  delay({ machine, addMs, forMs }, { cluster, later }) {
    const lanes = lanesOf(cluster.network.linkOf(machine), 'both');
    for (const lane of lanes) lane.latencyMs += addMs;
    later(forMs, () => {
      for (const lane of lanes) lane.latencyMs -= addMs;
    });
    return true;
  },
  throttle({ machine, bytesPerMs, forMs }, { cluster, later }) {
    const lanes = lanesOf(cluster.network.linkOf(machine), 'both');
    const usual = lanes.map((lane) => lane.bytesPerMs);
    for (const lane of lanes) lane.bytesPerMs = Math.min(lane.bytesPerMs, bytesPerMs);
    later(forMs, () => {
      lanes.forEach((lane, i) => {
        lane.bytesPerMs = Math.max(lane.bytesPerMs, usual[i] ?? 0);
      });
    });
    return true;
  },
  linger({ machine, forMs }, { cluster, later }) {
    const circuit = cluster.network.circuitOf(machine);
    if (circuit === undefined) return false;
    circuit.up.gate.shut();
    later(forMs / 4, () => circuit.near.terminate());
    later(forMs, () => circuit.up.gate.open());
    return true;
  },
  duplicate({ machine, afterMs, copies }, { cluster, later, lastNode }) {
    const frame = lastNode(machine);
    if (frame === undefined || cluster.network.circuitOf(machine) === undefined) return false;
    later(afterMs, () => {
      const circuit = cluster.network.circuitOf(machine);
      for (let i = 0; i < copies; i += 1)
        circuit?.up.post({ kind: 'frame', frame, isForged: true });
    });
    return true;
  },
  malformed({ machine, damage }, { cluster, uniform }) {
    const circuit = cluster.network.circuitOf(machine);
    const status = cluster.server.running?.status();
    if (circuit === undefined || status === undefined) return false;
    const wire = damage === 'down-garbage' ? circuit.down : circuit.up;
    const frame = damagedFrame(damage, { ...status, uniform });
    wire.post({ kind: 'frame', frame, isForged: true });
    return true;
  },
  stranger({ says }, { cluster }) {
    const process = cluster.visitor('stranger');
    sendStranger(cluster.network.transportOf(process), serverUrl, says).catch(() => undefined);
    return true;
  },
  twin({ machine }, { cluster }) {
    const isTwin = cluster.workerOn(machine) !== undefined;
    cluster.start(machine);
    return isTwin;
  },
  join({ machine }, { cluster }) {
    if (cluster.workerOn(machine) !== undefined) return false;
    cluster.start(machine);
    return true;
  },
  'clock-jump'({ machine, ms }, { cluster }) {
    const process = cluster.processOn(machine);
    process?.jumpWallClock(ms);
    cluster.server.process.jumpWallClock(-ms);
    return true;
  },
  'server-crash'({ restartMs }, { cluster, later }) {
    if (!cluster.server.process.isAlive) return false;
    cluster.server.process.kill();
    later(restartMs, () => cluster.startServer());
    return true;
  },
  disk({ how, writes }, { cluster }) {
    const { storage } = cluster;
    cluster.loseCheckpoints();
    if (how === 'full') storage.failNextWrites(writes);
    else if (how === 'torn') storage.tearNext();
    else if (storage.steps.length === 0) return false;
    else storage.damageNewest();
    return true;
  },
  operator({ does, forMs }, { cluster, later }) {
    const server = cluster.server.running;
    if (server === undefined || cluster.processOn('server') === undefined) return false;
    if (does === 'checkpoint') return server.checkpoint();
    server.pause();
    later(forMs, () => cluster.server.running?.resume());
    return true;
  },
};

function lanesOf({ up, down }: Link, way: 'up' | 'down' | 'both'): readonly Lane[] {
  return way === 'both' ? [up, down] : [way === 'up' ? up : down];
}
