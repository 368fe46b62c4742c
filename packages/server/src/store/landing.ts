import type { Arena } from '@paceline/math';

/** Memory beside the sums for frames on their way in: what a frame carries is added from there, without a copy. */
export interface Landing {
  /** Room for so many bytes, the same at every call: a frame is done with before the next one comes. */
  room(bytes: number): Uint8Array;
  /** Where in the memory of `arena` these bytes are; undefined when they are elsewhere. */
  pointerOf(bytes: Uint8Array, arena: Arena): number | undefined;
}

/** Opens a landing in an arena; it takes memory with the first frame. */
export function createLanding(arena: Arena): Landing {
  let area = { pointer: 0, bytes: new Uint8Array(0) as Uint8Array };
  return {
    room(bytes) {
      if (area.bytes.length < bytes) {
        if (area.pointer !== 0) arena.free(area.pointer, area.bytes.length);
        const pointer = arena.allocate(bytes);
        area = { pointer, bytes: arena.bytes(pointer, bytes) };
      }
      return area.bytes.subarray(0, bytes);
    },
    pointerOf: (bytes, other) => {
      return other === arena && bytes.buffer === area.bytes.buffer ? bytes.byteOffset : undefined;
    },
  };
}
