import { randomBytes } from 'node:crypto';

import type { FrameMemory } from '../connection.ts';
import { down, downCounterAt, fileBytes, nonceBytes, up, upCounterAt } from './files.ts';
import type { Lane } from './lane.ts';
import { createLane } from './lane.ts';
import type { Place, RingWriter } from './ring.ts';
import { createRingReader, createRingWriter } from './ring.ts';
import type { SharedFile } from './shared-file.ts';
import { createHeldFile, createSharedFile } from './shared-file.ts';

/** A lane of a server, and what the answer to a client says of it. */
export interface OfferedLane {
  readonly lane: Lane;
  readonly header: string;
}

/** The lanes of a listener. They share the memory that the server writes: a frame for several is written once. */
export interface ServerLanes {
  /** Opens a lane for a client; undefined where there is no memory to be had. */
  open(): OfferedLane | undefined;
  close(): void;
}

interface Common {
  readonly file: SharedFile;
  readonly nonce: string;
  readonly writer: RingWriter;
  readonly put: (frame: Uint8Array) => Place | undefined;
}

/** Opens none yet, and takes no memory before the first. `frameMemory`: see `ListenOptions`. */
export function createServerLanes(frameMemory?: FrameMemory): ServerLanes {
  let common: Common | undefined;
  return {
    open() {
      common ??= openCommon();
      const own = common && createSharedFile(fileBytes);
      if (common === undefined || own === undefined) return undefined;
      return { lane: openLane(common, own, frameMemory), header: describe(common, own) };
    },
    close() {
      common?.file.close();
      common = undefined;
    },
  };
}

function openCommon(): Common | undefined {
  const file = createHeldFile(fileBytes);
  if (file === undefined) return undefined;
  const nonce = randomBytes(nonceBytes);
  const writer = createRingWriter(file, down);
  try {
    file.write(nonce, 0);
  } catch {
    file.close();
    return undefined;
  }
  return { file, nonce: nonce.toString('hex'), writer, put: onceATurn(writer) };
}

function openLane(
  { writer, put }: Common,
  own: SharedFile,
  frameMemory: FrameMemory | undefined,
): Lane {
  const audience = writer.addReader({ file: own, at: downCounterAt });
  return createLane({
    isServer: true,
    put: (frame) => {
      const place = put(frame);
      if (place !== undefined) writer.handTo(audience);
      return place;
    },
    reader: createRingReader(own, up, { file: own, at: upCounterAt }),
    frameMemory,
    onClose: () => {
      audience.leave();
      own.close();
    },
  });
}

/**
 * Writes a frame once when it is sent to one connection after the other. Within one turn of the event loop it is the same:
 * it belongs to the connections until they say that it was sent, which they do later.
 */
function onceATurn(writer: RingWriter): (frame: Uint8Array) => Place | undefined {
  let last: { readonly frame: Uint8Array; readonly place: Place | undefined } | undefined;
  return (frame) => {
    if (last?.frame !== frame) {
      last = { frame, place: writer.put(frame) };
      queueMicrotask(() => {
        last = undefined;
      });
    }
    return last.place;
  };
}

function describe({ file, nonce }: Common, own: SharedFile): string {
  return `${own.path} ${file.path} ${nonce}`;
}
