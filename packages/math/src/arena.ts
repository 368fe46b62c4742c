/**
 * One block of shared WebAssembly memory for all vectors of a process: parameters, sums, optimizer slots. The kernels
 * compute on it, sockets copy in and out of it, and a second thread may attach to it.
 *
 * Pointers are byte addresses, as unsigned numbers below 2^32, and multiples of 64. Memory is cut from the end and given
 * back to a list of its size (rounded up to 64 bytes). Free ranges are not joined: buffers here are of few sizes, those
 * of the buckets, and are asked for again each step. Only one thread allocates.
 */
import { checkWhole } from './checks.ts';
import { MathError } from './errors.ts';
import { createKernels } from './kernels/kernels.ts';
import type { Kernels } from './kernels/kernels.ts';
import { webAssembly } from './kernels/webassembly.ts';
import type { SharedMemory } from './kernels/webassembly.ts';
import { alignUp } from './slots.ts';

/** Memory as any thread sees it. */
export interface AttachedArena {
  /** May be posted to another thread, for {@link attachArena} there. */
  readonly memory: SharedMemory;
  readonly kernels: Kernels;
  /** A fresh view of `length` floats. It never goes stale by growth, and shows whatever the range is used for later. */
  float32(pointer: number, length: number): Float32Array<SharedArrayBuffer>;
  /** A fresh view of `length` bytes. */
  bytes(pointer: number, length: number): Uint8Array<SharedArrayBuffer>;
}

/** Memory as its owner sees it. */
export interface Arena extends AttachedArena {
  /** Bytes allocated now, rounding included. */
  readonly usedBytes: number;
  /**
   * Takes memory, 64-byte aligned; never at address 0. Its content is whatever was there before, zero at first.
   * Throws `out-of-memory`, with the numbers, when the maximum or the machine does not allow it.
   */
  allocate(bytes: number): number;
  /** Gives back what `allocate(bytes)` returned. Throws `bad-free` for anything else. */
  free(pointer: number, bytes: number): void;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;

/** A page of WebAssembly memory. */
const pageBytes = 64 * kibibyte;

/** The largest maximum: with one page less than 4 GiB, the end of any range is still an unsigned 32-bit number. */
export const mostArenaBytes: number = 4 * gibibyte - pageBytes;

/** Growing by at least this much keeps the number of system calls down; pages that nobody touches cost nothing. */
const growthBytes = mebibyte;

/**
 * Creates an arena that can grow up to `maximumBytes` (rounded up to pages of 64 KiB; 4 GiB - 64 KiB at most).
 * Address space for the maximum is reserved at once, memory is used as it is touched.
 * @throws {MathError} `bad-argument` for a maximum that is too large, `out-of-memory` when it cannot be reserved.
 */
export function createArena(options: {
  readonly maximumBytes: number;
  readonly initialBytes?: number;
}): Arena {
  const { maximumBytes, initialBytes = pageBytes } = options;
  checkWhole('maximumBytes', maximumBytes, { least: 1, most: mostArenaBytes });
  checkWhole('initialBytes', initialBytes, { least: 0, most: maximumBytes });
  const maximum = pagesOf(maximumBytes);
  const memory = reserve({ initial: Math.max(1, pagesOf(initialBytes)), maximum });
  const free = new Map<number, number[]>();
  const sizes = new Map<number, number>();
  let end = alignUp(1);
  let usedBytes = 0;

  const extend = (size: number): number => {
    if (end + size > maximum * pageBytes) throw outOfMemory({ size, usedBytes, maximumBytes });
    const missing = end + size - memory.buffer.byteLength;
    if (missing > 0) grow(memory, { missing, maximum, usedBytes });
    const pointer = end;
    end += size;
    return pointer;
  };

  return {
    ...attachArena(memory),
    get usedBytes() {
      return usedBytes;
    },
    allocate(bytes) {
      const size = alignUp(Math.max(1, checkWhole('bytes', bytes, { least: 0 })));
      const pointer = free.get(size)?.pop() ?? extend(size);
      sizes.set(pointer, size);
      usedBytes += size;
      return pointer;
    },
    free(pointer, bytes) {
      const size = alignUp(Math.max(1, bytes));
      if (sizes.get(pointer) !== size) throw badFree(pointer, bytes);
      sizes.delete(pointer);
      usedBytes -= size;
      const list = free.get(size);
      if (list === undefined) free.set(size, [pointer]);
      else list.push(pointer);
    },
  };
}

/** The same memory, seen from another thread: views and kernels of its own, no allocation. */
export function attachArena(memory: SharedMemory): AttachedArena {
  const bufferFor = (end: number): SharedArrayBuffer => {
    // When another thread has grown it, this thread's `buffer` may be the old one still (seen in V8, about one time in a
    // thousand); a call of `grow` makes a new one.
    if (end > memory.buffer.byteLength) memory.grow(0);
    return memory.buffer;
  };
  return {
    memory,
    kernels: createKernels(memory),
    float32: (pointer, length) =>
      new Float32Array(bufferFor(pointer + length * 4), pointer, length),
    bytes: (pointer, length) => new Uint8Array(bufferFor(pointer + length), pointer, length),
  };
}

function reserve(pages: { readonly initial: number; readonly maximum: number }): SharedMemory {
  try {
    return new webAssembly.Memory({ ...pages, shared: true });
  } catch (cause) {
    const maximumBytes = pages.maximum * pageBytes;
    throw new MathError(
      'out-of-memory',
      `this machine does not let us reserve ${inWords(maximumBytes)} of address space`,
      { data: { maximumBytes }, cause },
    );
  }
}

function grow(
  memory: SharedMemory,
  need: { readonly missing: number; readonly maximum: number; readonly usedBytes: number },
): void {
  const { missing, maximum, usedBytes } = need;
  const now = memory.buffer.byteLength / pageBytes;
  const wanted = pagesOf(Math.max(missing, growthBytes));
  try {
    memory.grow(Math.min(wanted, maximum - now));
  } catch (cause) {
    throw new MathError(
      'out-of-memory',
      `the machine has no ${inWords(missing)} more for the arena; ${inWords(usedBytes)} are in use`,
      { data: { missingBytes: missing, usedBytes }, cause },
    );
  }
}

function outOfMemory(state: {
  readonly size: number;
  readonly usedBytes: number;
  readonly maximumBytes: number;
}): MathError {
  const { size, usedBytes, maximumBytes } = state;
  return new MathError(
    'out-of-memory',
    `no room for ${inWords(size)}: ${inWords(usedBytes)} of the arena's ${inWords(maximumBytes)} are in use`,
    { data: { bytes: size, usedBytes, maximumBytes } },
  );
}

function badFree(pointer: number, bytes: number): MathError {
  return new MathError('bad-free', `no allocation of ${bytes} bytes at address ${pointer}`, {
    data: { pointer, bytes },
  });
}

function pagesOf(bytes: number): number {
  return Math.ceil(bytes / pageBytes);
}

function inWords(bytes: number): string {
  if (bytes < kibibyte) return `${bytes} bytes`;
  if (bytes < mebibyte) return `${(bytes / kibibyte).toFixed(1)} KiB`;
  if (bytes < gibibyte) return `${(bytes / mebibyte).toFixed(1)} MiB`;
  return `${(bytes / gibibyte).toFixed(2)} GiB`;
}
