import type { Arena } from '@paceline/math';

/**
 * Memory for leaves and sums: areas of one size, taken and given back. An area that is on its way through a socket is
 * given back only when the socket is done with it, whoever lets go of it first.
 */
export interface SumAreas {
  readonly arena: Arena;
  readonly areaBytes: number;
  take(): number;
  /** The socket reads from the area (counted). */
  lend(pointer: number): void;
  /** The socket is done with one read. */
  settle(pointer: number): void;
  release(pointer: number): void;
  /** The socket is gone: nothing reads any more. */
  settleAll(): void;
}

/** Opens the pool over an arena. */
export function createSumAreas(arena: Arena, areaBytes: number): SumAreas {
  const lent = new Map<number, number>();
  const released = new Set<number>();
  const free = (pointer: number): void => {
    released.delete(pointer);
    arena.free(pointer, areaBytes);
  };
  return {
    arena,
    areaBytes,
    take: () => arena.allocate(areaBytes),
    lend(pointer) {
      lent.set(pointer, (lent.get(pointer) ?? 0) + 1);
    },
    settle(pointer) {
      const left = (lent.get(pointer) ?? 0) - 1;
      if (left > 0) {
        lent.set(pointer, left);
        return;
      }
      lent.delete(pointer);
      if (released.has(pointer)) free(pointer);
    },
    release(pointer) {
      if (lent.has(pointer)) released.add(pointer);
      else free(pointer);
    },
    settleAll() {
      lent.clear();
      for (const pointer of [...released]) free(pointer);
    },
  };
}
