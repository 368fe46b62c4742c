import type { FrameMemory } from '../connection.ts';
import { down, downCounterAt, fileBytes, nonceBytes, up, upCounterAt } from './files.ts';
import type { Lane } from './lane.ts';
import { createLane } from './lane.ts';
import type { Place, RingAudience, RingWriter } from './ring.ts';
import { createRingReader, createRingWriter } from './ring.ts';
import type { SharedFile } from './shared-file.ts';
import { openSharedFile } from './shared-file.ts';

/**
 * The client's end, where a server's answer says that its end is; undefined where that cannot be opened. `frameMemory`: see
 * `ConnectOptions`.
 */
export function joinLane(header: string | undefined, frameMemory?: FrameMemory): Lane | undefined {
  const [ownPath = '', commonPath = '', nonce = ''] = (header ?? '').split(' ');
  const own = openSharedFile(ownPath, fileBytes);
  if (own === undefined) return undefined;
  const common = openSharedFile(commonPath, fileBytes);
  const isIt = common !== undefined && nonceOf(common) === nonce;
  if (common === undefined || !isIt) {
    common?.close();
    own.close();
    return undefined;
  }
  const writer = createRingWriter(own, up);
  const server = writer.addReader({ file: own, at: upCounterAt });
  return createLane({
    isServer: false,
    put: (frame) => putFor(server, writer, frame),
    reader: createRingReader(common, down, { file: own, at: downCounterAt }),
    frameMemory,
    onClose: () => {
      own.close();
      common.close();
    },
  });
}

function putFor(server: RingAudience, writer: RingWriter, frame: Uint8Array): Place | undefined {
  const place = writer.put(frame);
  if (place !== undefined) writer.handTo(server);
  return place;
}

/** Another process may have the number that a path names, in another container say. */
function nonceOf(common: SharedFile): string | undefined {
  const nonce = Buffer.alloc(nonceBytes);
  try {
    common.read(nonce, 0);
    return nonce.toString('hex');
  } catch {
    return undefined;
  }
}
