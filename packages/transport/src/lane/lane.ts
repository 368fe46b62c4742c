/**
 * The lane: between two processes of one machine, large frames go through memory that both have open instead of through
 * the socket, which copies a frame four times and wakes both sides every 200 KB. In the frame's place a reference of ten
 * bytes goes through the socket: order, closing, signs of life stay what they are there. Where there is no lane, or
 * no room in it, a frame travels as ever.
 */
import type { FrameMemory } from '../connection.ts';
import type { Place, RingReader } from './ring.ts';

/** One end of a lane. */
export interface Lane {
  /** What this end has to say at the beginning, if anything. */
  readonly greeting: Uint8Array | undefined;
  /** Takes a frame (it is copied); what to send in its place. Undefined: send the frame itself. */
  put(frame: Uint8Array): Uint8Array | undefined;
  /**
   * What a message stands for: itself, or a frame that is valid until the next call of any lane of this thread; undefined
   * for one that was meant for the lane.
   * @throws LaneError for a reference to what cannot be there
   */
  take(message: Uint8Array): Uint8Array | undefined;
  close(): void;
}

/** A message refers to something that is not in the lane. */
export class LaneError extends Error {
  override readonly name = 'LaneError';
}

/** The header that asks for a lane and, in the answer, says where it is. */
export const laneHeader = 'paceline-lane';

/** A byte that msgpack never uses: no message starts with it. */
const mark = 0xc1;
const greeting = Uint8Array.of(mark, 0);
const referenceBytes = 10;
/** So much of a frame is shown to those who say where it shall lie. */
const frameHeadBytes = 128;
/** What fits one read of a socket is as well sent through it. */
const leastBytes = 32 * 2 ** 10;

/** What the two ends of a lane differ in. */
export interface LaneEnd {
  readonly isServer: boolean;
  /** Where this end writes; undefined when there is no room. */
  readonly put: (frame: Uint8Array) => Place | undefined;
  readonly reader: RingReader;
  /** Where frames are read to, if not to memory of their own: see `ListenOptions`. */
  readonly frameMemory?: FrameMemory | undefined;
  readonly onClose: () => void;
}

/** Makes an end of a lane. A server's end writes nothing before its client has greeted. */
export function createLane({ isServer, put, reader, frameMemory, onClose }: LaneEnd): Lane {
  let isUsable = !isServer;
  return {
    greeting: isServer ? undefined : greeting,
    put(frame) {
      if (!isUsable || frame.length < leastBytes) return undefined;
      try {
        const place = put(frame);
        return place && referenceTo(place);
      } catch {
        isUsable = false;
        return undefined;
      }
    },
    take(message) {
      if (message[0] !== mark) return message;
      if (message.length === greeting.length && message[1] === 0) {
        isUsable = true;
        return undefined;
      }
      return read(reader, placeIn(message), frameMemory);
    },
    close: () => {
      isUsable = false;
      onClose();
    },
  };
}

function referenceTo({ offset, length }: Place): Uint8Array {
  const reference = new Uint8Array(referenceBytes);
  reference.set([mark, 1]);
  const view = new DataView(reference.buffer);
  view.setUint32(2, offset);
  view.setUint32(6, length);
  return reference;
}

function placeIn(message: Uint8Array): Place {
  if (message.length !== referenceBytes || message[1] !== 1) throw new LaneError(badReference);
  const view = new DataView(message.buffer, message.byteOffset);
  const [offset, length] = [view.getUint32(2), view.getUint32(6)];
  if (length < leastBytes || length > mostBytes) throw new LaneError(badReference);
  return { offset, length };
}

const badReference = 'a message refers to what is not in shared memory';

/** No frame is longer than a ring; nothing is made room for on the word of a reference to more. */
export const mostBytes: number = 16 * 2 ** 20;

/** Room for a bucket of usual size stays; for more it is made anew each time. */
const mostScratchBytes = 4 * 2 ** 20;
// One for all lanes of a thread: a frame is done with before the next one is read.
const head = new Uint8Array(frameHeadBytes);
let scratch = new Uint8Array(0);

function roomFor(length: number): Uint8Array {
  if (length > mostScratchBytes) return new Uint8Array(length);
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch.subarray(0, length);
}

function read(
  reader: RingReader,
  { offset, length }: Place,
  frameMemory: FrameMemory | undefined,
): Uint8Array {
  try {
    const frame = memoryFor(reader, { offset, length }, frameMemory) ?? roomFor(length);
    reader.take(offset, frame);
    return frame;
  } catch (cause) {
    throw new LaneError(badReference, { cause });
  }
}

function memoryFor(
  reader: RingReader,
  { offset, length }: Place,
  frameMemory: FrameMemory | undefined,
): Uint8Array | undefined {
  if (frameMemory === undefined) return undefined;
  reader.look(offset, head);
  return frameMemory(length, head);
}
