import { encodeMessage } from '@paceline/protocol';
import type { Transport } from '@paceline/transport';

/** What somebody says who is no worker. */
export const strangerKinds = ['nothing', 'garbage', 'old-protocol', 'heartbeat'] as const;

/** One of them. */
export type StrangerKind = (typeof strangerKinds)[number];

/** Connects, says it, and waits to be thrown out. */
export async function sendStranger(
  transport: Transport,
  url: string,
  says: StrangerKind,
): Promise<void> {
  const connection = await transport.connect(url, { timeoutMs: 10_000, maxFrameBytes: 2 ** 24 });
  connection.onClose(() => undefined);
  const words = wordsOf(says);
  if (words !== undefined) connection.send(words);
}

function wordsOf(says: StrangerKind): Uint8Array | undefined {
  switch (says) {
    case 'nothing':
      return undefined;
    case 'garbage':
      return Uint8Array.of(0xc1, 0xff, 0x00);
    case 'old-protocol':
      return encodeMessage({ kind: 'hello', protocol: 0, name: 'old', pid: 1, host: 'here' });
    case 'heartbeat':
      return encodeMessage({
        kind: 'heartbeat',
        phase: 'idle',
        step: 0,
        busyMs: null,
        leafMicros: null,
      });
  }
}
