import { closeCodeOf, encodeMessage } from '@paceline/protocol';
import type { Closing, Connection } from '@paceline/transport';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Peers } from '../../src/connections/peers.ts';
import { createPeers } from '../../src/connections/peers.ts';
import type { Objection } from '../../src/connections/refusals.ts';

const hello = { kind: 'hello', protocol: 1, name: 'w', pid: 1, host: 'here' } as const;
const goodbye = { kind: 'goodbye', reason: 'SIGTERM' } as const;

let said: string[];
let objection: Objection | undefined;
let peers: Peers;
let arrive: (frame: Uint8Array) => void;
let id: number;

/** A connection that notes what is done to it; nothing that is sent ever leaves. */
function fakeConnection(): Connection {
  let queuedBytes = 0;
  const note = (what: string): number => said.push(what);
  return {
    peer: '10.0.0.7:1',
    isProtected: true,
    lastActivityMs: 0,
    get queuedBytes() {
      return queuedBytes;
    },
    send: (frame) => void (queuedBytes += frame.length),
    sendCopy: () => false,
    admit: () => note('admitted'),
    close: (code, reason) => note(`closed ${String(code)}: ${reason}`),
    terminate: () => note('cut'),
    onMessage: (handler) => (arrive = handler),
    onClose: (_handler: (closing: Closing) => void) => undefined,
  };
}

beforeEach(() => {
  said = [];
  objection = undefined;
  peers = createPeers({
    creditBytes: 1000,
    events: {
      vet: () => objection,
      onMessage: (_id, { kind }) => said.push(`took ${kind}`),
      onViolation: (_id, reason) => said.push(`violation: ${reason}`),
      onClosed: (_id, reason) => said.push(`gone: ${reason}`),
      onRefusal: ({ reason, detail }) => said.push(`counted ${reason} (${detail})`),
    },
  });
  id = peers.add(fakeConnection());
});

/** Any welcome will do: it is not read here. */
function welcome(): void {
  peers.send(id, { kind: 'welcome' } as Parameters<Peers['send']>[1]);
  said = [];
}

describe('a stranger', () => {
  test('is shown the door for the first thing that is no hello, without a word to the run but its end', () => {
    arrive(encodeMessage(goodbye));
    arrive(encodeMessage(hello));
    expect(said).toEqual([
      'counted no-hello (10.0.0.7:1: said goodbye before hello)',
      'closed 4000: said goodbye before hello',
      'gone: said goodbye before hello',
    ]);
    expect(peers.size).toBe(0);
  });

  test('is admitted by the welcome', () => {
    arrive(encodeMessage(hello));
    peers.send(id, { kind: 'welcome' } as Parameters<Peers['send']>[1]);
    expect(said).toEqual(['took hello', 'admitted']);
  });

  test('that the run gives up on counts as one without a hello', () => {
    peers.close(id, 'silent', 'said no hello');
    expect(said).toEqual([
      'counted hello-timeout (10.0.0.7:1: said no hello)',
      `closed ${String(closeCodeOf('silent'))}: said no hello`,
    ]);
  });
});

describe('a worker', () => {
  test('that breaks the protocol is counted, and the run parts with it', () => {
    welcome();
    arrive(Uint8Array.of(0x92, 0x7f, 0x80));
    objection = { reason: 'out-of-turn', words: 'not now' };
    arrive(encodeMessage(goodbye));
    peers.close(id, 'protocol-error', 'not now');
    expect(said).toEqual([
      'counted unknown-kind (10.0.0.7:1: no message has code 127)',
      'violation: no message has code 127',
      'counted out-of-turn (10.0.0.7:1: not now)',
      'violation: not now',
      'closed 4003: not now',
    ]);
  });

  test('has a backlog of what was sent and has not left', () => {
    welcome();
    const before = peers.backlogBytes(id);
    peers.sendFrame(id, new Uint8Array(500));
    expect(peers.backlogBytes(id) - before).toBe(500);
    peers.close(id, 'finished', 'over');
    expect(peers.backlogBytes(id)).toBe(0);
  });
});
