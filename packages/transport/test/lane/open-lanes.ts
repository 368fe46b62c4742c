import type { FrameMemory } from '../../src/connection.ts';
import { joinLane } from '../../src/lane/client-lane.ts';
import { createServerLanes } from '../../src/lane/server-lanes.ts';

export const frameOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);

/** Of a megabyte, vitest's own comparison takes a tenth of a second. */
export const isSame = (found: Uint8Array | undefined, wanted: Uint8Array): boolean =>
  found !== undefined && Buffer.compare(found, wanted) === 0;

/** Both ends of as many lanes of one server, after their greetings. */
export function openLanes(count: number, frameMemory?: FrameMemory) {
  const lanes = createServerLanes(frameMemory);
  const pairs = Array.from({ length: count }, () => {
    const offered = lanes.open();
    const client = joinLane(offered?.header, frameMemory);
    if (offered === undefined || client?.greeting === undefined) throw new Error('no memory');
    offered.lane.take(client.greeting);
    return { server: offered.lane, client };
  });
  return {
    pairs,
    [Symbol.dispose]() {
      for (const { server, client } of pairs) {
        server.close();
        client.close();
      }
      lanes.close();
    },
  };
}
