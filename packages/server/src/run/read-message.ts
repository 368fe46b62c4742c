import type { WorkerMessage } from '@paceline/protocol';
import type { RunInput } from './inputs.ts';

/** What a worker's message means to the run. Pure. */
export function readMessage(
  connection: number,
  message: WorkerMessage,
  o: { readonly freshSession: () => string },
): RunInput {
  switch (message.kind) {
    case 'hello':
      return { kind: 'hello', connection, hello: message, freshSession: o.freshSession() };
    case 'layout':
      return { kind: 'layout', connection, layout: message };
    case 'initial':
      return { kind: 'initial', connection, bucket: message.bucket, payload: message.payload };
    case 'node':
    case 'evaluated':
      return readSum(connection, message);
    case 'heartbeat':
      return {
        kind: 'heartbeat',
        connection,
        phase: message.phase,
        leafMicros: message.leafMicros ?? undefined,
        busyMs: message.busyMs ?? undefined,
      };
    case 'fault':
      return { kind: 'fault', connection, message: message.message };
    case 'goodbye':
      return { kind: 'goodbye', connection, reason: message.reason };
  }
}

function readSum(
  connection: number,
  message: Extract<WorkerMessage, { kind: 'node' | 'evaluated' }>,
): RunInput {
  const { term, level, index, payload } = message;
  const node = { level, index };
  return message.kind === 'node'
    ? {
        kind: 'node',
        connection,
        round: 'step',
        term,
        version: message.step,
        node,
        bucket: message.bucket,
        payload,
      }
    : {
        kind: 'node',
        connection,
        round: 'evaluation',
        term,
        version: message.version,
        node,
        bucket: 0,
        payload,
      };
}
