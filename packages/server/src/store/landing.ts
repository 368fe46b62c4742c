import type { Arena } from '@paceline/math';
import { peekTensor } from '@paceline/protocol';

/** Memory of an arena, as it is given back: as a whole. */
export interface Range {
  readonly pointer: number;
  readonly bytes: number;
}

/**
 * Memory beside the sums for frames on their way in: what a frame carries is added from there without a copy, or
 * stays there as the first summand.
 */
export interface Landing {
  /**
   * Room for a frame of so many bytes that starts with `head`, the same each time unless it was kept: a frame is done with
   * before the next one comes. The numbers in it are aligned.
   */
  room(bytes: number, head: Uint8Array): Uint8Array;
  /** Where in the memory of `arena` these bytes are; undefined when they are elsewhere. */
  pointerOf(bytes: Uint8Array, arena: Arena): number | undefined;
  /** What has landed stays: the memory around it is the caller's from here on, to be given back when it is done with. */
  keep(): Range;
}

/** Vectors of 16 bytes are read and written best where they are whole. */
const alignment = 16;
/** Frames of one bucket differ by a few bytes: sizes in whole pages are few. */
const pageBytes = 4096;

/** Opens a landing in an arena; it takes memory with the first frame. */
export function createLanding(arena: Arena): Landing {
  let area: (Range & { readonly view: Uint8Array }) | undefined;
  let largest = 0;
  const open = (): Range & { readonly view: Uint8Array } => {
    const pointer = arena.allocate(largest);
    return { pointer, bytes: largest, view: arena.bytes(pointer, largest) };
  };
  return {
    room(bytes, head) {
      const needed = Math.ceil((bytes + alignment) / pageBytes) * pageBytes;
      if (needed > largest) {
        if (area !== undefined) arena.free(area.pointer, area.bytes);
        area = undefined;
        largest = needed;
      }
      area ??= open();
      const start = (alignment - ((peekTensor(head)?.dataOffset ?? 0) % alignment)) % alignment;
      return area.view.subarray(start, start + bytes);
    },
    pointerOf: (bytes, other) => {
      return other === arena && bytes.buffer === area?.view.buffer ? bytes.byteOffset : undefined;
    },
    keep() {
      if (area === undefined) throw new Error('nothing has landed');
      const { pointer, bytes } = area;
      area = undefined;
      return { pointer, bytes };
    },
  };
}
