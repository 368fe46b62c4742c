import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Listener } from '@paceline/transport';
import { createGate } from './access/gate.ts';
import { listenTls } from './access/listen-tls.ts';
import { requireToken } from './access/require-token.ts';
import type { Parts } from './assemble.ts';
import { assemble } from './assemble.ts';
import { findStart } from './checkpoint/resume.ts';
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
 * workers, trains, and ends by itself. Resolves when it listens.
 * @throws what the transport says of the address (in use, not allowed, ...); ServerError `token-needed` when other machines
 * can reach it and there is no token, `other-job` when the storage holds checkpoints of another job
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { storage, job, clock, out } = options;
  const { tokens = [] } = options;
  requireToken(options.listen, tokens);
  const start = await findStart(storage, job);
  const history = readHistory(out === undefined ? undefined : join(out, 'events.ndjson'));
  const createId = options.createId ?? randomUUID;
  const parts = assemble(options, { start, history, createId });
  const listener = await options.transport.listen(options.listen, {
    maxFrameBytes: parts.limits.maxFrameBytes,
    gate: createGate({ tokens, clock }),
    tls: listenTls(options),
    guard: planGuard(options.maxWorkers),
    onRefusal: parts.refusals.count,
    onConnection: (connection) => {
      const id = parts.peers.add(connection);
      parts.executor.dispatch({ kind: 'connected', connection: id });
    },
    onRequest: createRequestHandler(parts.controls),
  });
  parts.announce(listener.url);
  for (const notice of start.notices) options.logger.warn({}, notice);
  if (start.image !== undefined) parts.executor.dispatch({ kind: 'restored' });
  const stopTicking = startTicking(options, parts);
  const finished = parts.ended.then(async (summary) => {
    stopTicking();
    await sayFarewell(clock, parts.peers, listener);
    await storage?.close();
    parts.takeLeave();
    return summary;
  });
  const { resume, pause, checkpoint, scale, status } = parts.controls;
  const stop = (reason: string): void => {
    parts.executor.dispatch({ kind: 'stop', reason });
  };
  return {
    url: listener.url,
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

function startTicking({ clock }: ServerOptions, { executor, peers }: Parts): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.setTimer(tickMs, () => {
      executor.dispatch({ kind: 'tick', signs: peers.signs() });
      for (const { id, isBehind } of executor.state.members.values()) {
        if (!isBehind || peers.backlogBytes(id) > 0) continue;
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
  listener: Listener,
): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimer(peers.size === 0 ? 50 : farewellMs, resolve);
  });
  peers.terminate();
  await listener.close();
}
