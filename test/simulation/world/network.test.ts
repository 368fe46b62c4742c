import { transportConformance } from '@paceline/transport/testing';
import { describe, expect, test } from 'vitest';
import type { Connection, Transport } from '@paceline/transport';
import type { Network } from './network.ts';
import { createNetwork } from './network.ts';
import { startProcess } from './process.ts';
import type { SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import { createTimeline } from './timeline.ts';

interface World {
  readonly timeline: Timeline;
  readonly network: Network;
  readonly server: SimulatedProcess;
  readonly client: SimulatedProcess;
}

function createWorld(bytesPerMs = 1e6): World {
  const timeline = createTimeline();
  const network = createNetwork({
    timeline,
    quality: { latencyMs: 2, jitterMs: 0, bytesPerMs },
    uniformOf: () => () => 0,
    onDeparture: () => undefined,
  });
  const host = { timeline, onCrash: () => undefined };
  return { timeline, network, server: startProcess('s', host), client: startProcess('c', host) };
}

describe('the simulated network', () => {
  const { timeline, network, server, client } = createWorld();
  const transport: Transport = {
    listen: network.transportOf(server).listen,
    connect: network.transportOf(client).connect,
  };
  let addresses = 0;
  const freshAddress = (): string => `memory://${String((addresses += 1))}`;
  /** The cases await what happens: somebody has to let time pass. */
  const letTimePass = async (work: Promise<void>): Promise<void> => {
    const state = { isDone: false };
    const note = (): void => {
      state.isDone = true;
    };
    work.then(note, note);
    while (!state.isDone) {
      if (!(await timeline.step())) await nextTurn();
    }
    await work;
  };

  test.each(transportConformance({ transport, freshAddress }))('$title', ({ run }) =>
    letTimePass(run()),
  );
});

/** A connection in a world, and what the server's end of it has heard. */
async function connect({ timeline, network, server, client }: World): Promise<{
  readonly near: Connection;
  readonly heard: (readonly [atMs: number, byte: number])[];
}> {
  const heard: (readonly [number, number])[] = [];
  await network.transportOf(server).listen('memory://s', {
    maxFrameBytes: 1000,
    onConnection: (far) => {
      far.onMessage((frame) => heard.push([timeline.nowMs, frame[0] ?? 0]));
    },
  });
  const connecting = network.transportOf(client).connect('memory://s', {
    timeoutMs: 1000,
    maxFrameBytes: 1000,
  });
  await timeline.runUntil(4);
  return { near: await connecting, heard };
}

test('a frame takes its bytes over the bandwidth, and the latency', async () => {
  const world = createWorld(10);
  const { near, heard } = await connect(world);
  near.send(new Uint8Array(50).fill(1));
  near.send(new Uint8Array(20).fill(2));
  await world.timeline.runUntil(100);
  expect(heard).toEqual([
    [4 + 5 + 2, 1],
    [4 + 5 + 2 + 2, 2],
  ]);
});

test('what a partition holds back arrives in order when it heals', async () => {
  const world = createWorld();
  const { near, heard } = await connect(world);
  const { gate } = world.network.linkOf('c').up;
  near.send(Uint8Array.of(1));
  await world.timeline.runUntil(5);
  gate.shut();
  near.send(Uint8Array.of(2));
  await world.timeline.runUntil(500);
  expect(heard).toEqual([]);
  expect(near.queuedBytes).toBe(1);
  gate.open();
  await world.timeline.runUntil(600);
  expect(heard.map(([, byte]) => byte)).toEqual([1, 2]);
});

test('nobody connects through a partition: the attempt times out', async () => {
  const { timeline, network, server, client } = createWorld();
  const options = { maxFrameBytes: 10, onConnection: () => undefined };
  await network.transportOf(server).listen('memory://s', options);
  network.linkOf('c').down.gate.shut();
  const attempt = network
    .transportOf(client)
    .connect('memory://s', { timeoutMs: 300, maxFrameBytes: 10 });
  const failure = expect(attempt).rejects.toMatchObject({ code: 'timeout' });
  await timeline.runUntil(300);
  await failure;
});

test('the death of a process resets its connections', async () => {
  const world = createWorld();
  const { near } = await connect(world);
  const closed: number[] = [];
  near.onClose(({ code }) => closed.push(code));
  world.server.kill();
  await world.timeline.runUntil(10);
  expect(closed).toEqual([1006]);
});

test('a frame is copied when it leaves, not when it is handed over', async () => {
  const world = createWorld();
  const { near, heard } = await connect(world);
  const frame = Uint8Array.of(1);
  near.send(frame);
  frame[0] = 9;
  await world.timeline.runUntil(10);
  expect(heard.map(([, byte]) => byte)).toEqual([9]);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
