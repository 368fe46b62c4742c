import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ListenOptions } from '@paceline/transport';
import { createGate } from './access/gate.ts';
import type { Gate } from './access/gate.ts';
import { requireToken } from './access/require-token.ts';
import { watchTokens } from './access/watch-tokens.ts';
import type { Parts } from './assemble.ts';
import { assemble } from './assemble.ts';
import { findStart } from './checkpoint/resume.ts';
import { createLinger } from './linger.ts';
import { openDoors } from './listening.ts';
import type { Doors } from './listening.ts';
import { readHistory } from './report/history.ts';
import { createRequestHandler } from './http/requests.ts';
import { planGuard } from './connections/memory-budget.ts';
import type { RunningServer, ServerOptions } from './options.ts';
import type { Peers } from './connections/peers.ts';

const tickMs = 250;
/** After the end, workers have so long to hang up. */
const farewellMs = 1000;

/**
 * Starts a parameter server: it goes on from the newest checkpoint of its storage or begins anew, listens, gathers
 * workers, trains, and ends by itself, some time (`lingerMs`) after the run. Resolves when it listens.
 * @throws what the transport says of the address (in use, not allowed, ...); ServerError `token-needed` when other machines
 * can reach it and there is no token, `other-job` when the storage holds checkpoints of another job
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { storage, job, clock, out } = options;
  const { tokens = [] } = options;
  requireToken(options);
  const start = await findStart(storage, job);
  const history = readHistory(out === undefined ? undefined : join(out, 'events.ndjson'));
  const createId = options.createId ?? randomUUID;
  const parts = assemble(options, { start, history, createId });
  const gate = createGate({ tokens, clock, advertised: options.advertise });
  const linger = createLinger(options, options.lingerMs ?? 0);
  const stop: RunningServer['stop'] = (reason, { goesOn } = { goesOn: false }) => {
    parts.executor.dispatch({ kind: 'stop', reason, goesOn: goesOn && storage !== undefined });
    linger.end();
  };
  const guard = planGuard(options.maxWorkers);
  const doors = await openDoors(options, { ...planDoor(parts, gate, stop), guard });
  const { url, localUrl, address } = doors;
  parts.announce(url, address);
  for (const notice of start.notices) options.logger.warn({}, notice);
  if (start.image !== undefined) parts.executor.dispatch({ kind: 'restored' });
  const stopTicking = startTicking(options, parts);
  const stopWatching = watchTokens(options, (renewed) => {
    gate.renew(renewed);
    letUnwelcomeGo(parts);
  });
  const finished = parts.ended.then(async (summary) => {
    if (summary.status !== 'interrupted') await linger.wait();
    stopTicking();
    stopWatching();
    await sayFarewell(clock, parts.peers, doors);
    await storage?.close();
    parts.takeLeave();
    return summary;
  });
  const { resume, pause, checkpoint, scale, status } = parts.controls;
  return {
    url,
    localUrl,
    finished,
    resume,
    pause,
    checkpoint,
    scale,
    status,
    stop,
    async [Symbol.asyncDispose]() {
      stop('disposed');
      await finished;
    },
  };
}

/** What happens to those who come. */
function planDoor(
  { limits, refusals, peers, executor, controls }: Parts,
  gate: Gate,
  stop: (reason: string) => void,
): Omit<ListenOptions, 'tls' | 'guard'> {
  return {
    maxFrameBytes: limits.maxFrameBytes,
    frameMemory: (bytes, head) => executor.landing(bytes, head),
    gate: gate.ask,
    onRefusal: refusals.count,
    onConnection: (connection, visitor) => {
      const id = peers.add(connection, gate.passOf(visitor?.token));
      executor.dispatch({ kind: 'connected', connection: id });
    },
    onRequest: createRequestHandler({
      ...controls,
      stop: () => {
        stop('asked to stop');
      },
    }),
  };
}

/** Ends the connections whose token counts no more. */
function letUnwelcomeGo({ peers, executor }: Parts): void {
  for (const connection of peers.unwelcome()) executor.dispatch({ kind: 'revoked', connection });
}

function startTicking({ clock }: ServerOptions, { executor, peers }: Parts): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.setTimer(tickMs, () => {
      executor.dispatch({ kind: 'tick', signs: peers.signs() });
      for (const { id, isBehind } of executor.state.members.values()) {
        if (!isBehind || executor.backlogBytes(id) > 0) continue;
        executor.dispatch({ kind: 'backlog', connection: id, isBehind: false });
      }
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}

/** Closes the door: workers that were told of the end have a moment to read it. */
async function sayFarewell(
  clock: ServerOptions['clock'],
  peers: Peers,
  doors: Doors,
): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimer(peers.size === 0 ? 50 : farewellMs, resolve);
  });
  peers.terminate();
  await doors.close();
}
