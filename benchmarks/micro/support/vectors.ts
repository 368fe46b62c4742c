import type { Arena } from '@paceline/math';
import { createArena } from '@paceline/math';
import { mebibyte } from './subject.ts';
import type { Subject } from './subject.ts';

/** Vectors in the memory of an arena, as the kernels take them. */
export interface Vectors {
  readonly arena: Arena;
  /** Numbers of each. */
  readonly count: number;
  readonly target: number;
  readonly parameters: number;
  readonly gradient: number;
  /** State of an optimizer. */
  readonly slots: readonly number[];
}

const mostSlots = 3;
/** Vectors a power of two apart share the same few lines of the caches: five of them made Adam four times as slow. */
const apartBytes = 64 * 9;

/** Sizes of a vector: what stays in a core's own cache, a bucket, and what comes from memory. */
export const vectorBytes: readonly number[] = [16 * 1024, mebibyte, 64 * mebibyte];

/** Makes them, all 0.5. */
export function createVectors(bytes: number): Vectors {
  const arena = createArena({ maximumBytes: (4 + mostSlots) * (bytes + apartBytes) + mebibyte });
  const count = bytes / 4;
  const create = (): number => {
    const pointer = arena.allocate(bytes + apartBytes);
    arena.float32(pointer, count).fill(0.5);
    return pointer;
  };
  return {
    arena,
    count,
    target: create(),
    parameters: create(),
    gradient: create(),
    slots: Array.from({ length: mostSlots }, create),
  };
}

/** The limit of whatever reads and writes memory: the C library's copy, on the very same memory. */
export function memcpy({ arena, count, parameters, target }: Vectors): Subject {
  const bytes = 4 * count;
  const from = arena.bytes(parameters, bytes);
  const into = Buffer.from(arena.memory.buffer, target, bytes);
  return { name: 'memcpy', bytes: 2 * bytes, run: () => into.fill(from) };
}
