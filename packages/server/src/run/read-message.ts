import type { WorkerMessage } from '@paceline/protocol';
import type { RunInput } from './inputs.ts';

/**
 * What a worker's message means to the run; undefined for a node or an evaluation of another term, which is late by
 * definition. Pure.
 */
export function readMessage(
  connection: number,
  message: WorkerMessage,
  o: { readonly term: number; readonly freshSession: () => string },
): RunInput | undefined {
  switch (message.kind) {
    case 'hello':
      return { kind: 'hello', connection, hello: message, freshSession: o.freshSession() };
    case 'layout':
      return { kind: 'layout', connection, layout: message };
    case 'initial':
      return { kind: 'initial', connection, bucket: message.bucket, payload: message.payload };
    case 'node':
    case 'evaluated':
      return message.term === o.term ? readSum(connection, message) : undefined;
    case 'heartbeat':
      return { kind: 'heartbeat', connection, phase: message.phase };
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
  const { level, index, payload } = message;
  const node = { level, index };
  return message.kind === 'node'
    ? {
        kind: 'node',
        connection,
        round: 'step',
        version: message.step,
        node,
        bucket: message.bucket,
        payload,
      }
    : {
        kind: 'node',
        connection,
        round: 'evaluation',
        version: message.version,
        node,
        bucket: 0,
        payload,
      };
}
