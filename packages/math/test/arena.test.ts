import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { describe, expect, it } from 'vitest';

import { attachArena, createArena, mostArenaBytes } from '../src/arena.ts';

const mebibyte = 2 ** 20;

describe('createArena', () => {
  it('gives out memory that is aligned to 64 bytes, does not overlap, and is never at address 0', () => {
    const arena = createArena({ maximumBytes: mebibyte });
    const pointers = [1, 64, 65, 0, 1000].map((bytes) => arena.allocate(bytes));
    expect(pointers).toEqual([64, 128, 192, 320, 384]);
    expect(arena.usedBytes).toBe(64 + 64 + 128 + 64 + 1024);
  });

  it('uses freed memory again for the same size', () => {
    const arena = createArena({ maximumBytes: mebibyte });
    const pointer = arena.allocate(1000);
    arena.free(pointer, 1000);
    expect(arena.usedBytes).toBe(0);
    expect(arena.allocate(1010)).toBe(pointer);
    expect(arena.allocate(1010)).not.toBe(pointer);
  });

  it('allocates and frees for ever without growing', () => {
    const arena = createArena({ maximumBytes: mebibyte });
    for (let i = 0; i < 10_000; i += 1) arena.free(arena.allocate(100_000), 100_000);
    expect(arena.memory.buffer.byteLength).toBeLessThanOrEqual(2 * mebibyte);
  });

  it('grows, and old views show the same memory as new ones', () => {
    const arena = createArena({ maximumBytes: 64 * mebibyte });
    const before = arena.memory.buffer.byteLength;
    const pointer = arena.allocate(16);
    const old = arena.float32(pointer, 4);
    const far = arena.allocate(32 * mebibyte);
    expect(arena.memory.buffer.byteLength).toBeGreaterThan(before + 32 * mebibyte - 1);
    arena.float32(pointer, 4).set([1, 2, 3, 4]);
    expect([...old]).toEqual([1, 2, 3, 4]);
    arena.bytes(far + 32 * mebibyte - 1, 1)[0] = 7;
    expect(arena.bytes(far + 32 * mebibyte - 1, 1)[0]).toBe(7);
  });

  it('says in words what there is no room for', () => {
    const arena = createArena({ maximumBytes: 2 * mebibyte });
    arena.allocate(mebibyte);
    expect(() => arena.allocate(1.5 * mebibyte)).toThrow(
      expect.objectContaining({
        code: 'out-of-memory',
        message: "no room for 1.5 MiB: 1.0 MiB of the arena's 2.0 MiB are in use",
        data: { bytes: 1.5 * mebibyte, usedBytes: mebibyte, maximumBytes: 2 * mebibyte },
      }),
    );
    expect(arena.usedBytes).toBe(mebibyte);
    expect(arena.allocate(1000)).toBe(64 + mebibyte);
  });

  it('refuses memory that is given back twice, or with another size, or was never taken', () => {
    const arena = createArena({ maximumBytes: mebibyte });
    const pointer = arena.allocate(1000);
    expect(() => {
      arena.free(pointer, 2000);
    }).toThrow('no allocation of 2000 bytes at address 64');
    arena.free(pointer, 1000);
    expect(() => {
      arena.free(pointer, 1000);
    }).toThrow('no allocation of 1000 bytes at address 64');
    expect(() => {
      arena.free(128, 64);
    }).toThrow('no allocation');
  });

  it('reaches beyond 2 GiB: pointers are unsigned', () => {
    const arena = createArena({ maximumBytes: mostArenaBytes });
    arena.allocate(2.5 * 2 ** 30);
    const pointer = arena.allocate(64);
    expect(pointer).toBeGreaterThan(2 ** 31);
    arena.float32(pointer, 16).fill(1.5);
    arena.kernels.add(pointer, pointer, pointer, 15);
    expect([...arena.float32(pointer, 16)]).toEqual([...Array.from({ length: 15 }, () => 3), 1.5]);
    const last = arena.allocate(mostArenaBytes - pointer - 64);
    expect(arena.bytes(last, mostArenaBytes - last).byteLength).toBe(mostArenaBytes - last);
    expect(arena.kernels.isFinite(mostArenaBytes - 64, 16)).toBe(true);
    expect(() => arena.allocate(1)).toThrow('no room for 64 bytes');
  });

  it('refuses a maximum of 4 GiB, and an initial size above the maximum', () => {
    expect(() => createArena({ maximumBytes: 2 ** 32 })).toThrow('maximumBytes must be');
    expect(() => createArena({ maximumBytes: 1, initialBytes: 2 })).toThrow('initialBytes must be');
  });
});

describe('attachArena', () => {
  it('sees the same bytes, and computes on them', () => {
    const arena = createArena({ maximumBytes: mebibyte });
    const pointer = arena.allocate(16);
    const other = attachArena(arena.memory);
    other.float32(pointer, 4).set([1, 2, 3, 4]);
    other.kernels.add(pointer, pointer, pointer, 4);
    expect([...arena.float32(pointer, 4)]).toEqual([2, 4, 6, 8]);
  });

  it('asks for the buffer again when another thread has grown it and this one has not noticed', () => {
    const arena = createArena({ maximumBytes: 4 * mebibyte });
    const { memory } = arena;
    const stale = memory.buffer;
    const pointer = arena.allocate(2 * mebibyte);
    // About one time in a thousand V8 answers so; here it does until `grow` is called.
    const fresh = memory.buffer;
    let hasGrown = false;
    Object.defineProperties(memory, {
      buffer: { get: () => (hasGrown ? fresh : stale) },
      grow: { value: (pages: number) => (hasGrown = pages === 0) },
    });
    expect(attachArena(memory).float32(pointer, mebibyte / 2)).toHaveLength(mebibyte / 2);
    hasGrown = false;
    expect(attachArena(memory).bytes(pointer, 2 * mebibyte)).toHaveLength(2 * mebibyte);
  });

  it(
    'works in another thread, on memory that grows after it was attached',
    { timeout: 20_000 },
    async () => {
      const arena = createArena({ maximumBytes: 256 * mebibyte });
      const worker = new Worker(new URL('./support/arena-thread.ts', import.meta.url), {
        execArgv: ['--conditions=paceline-source'],
        workerData: arena.memory,
      });
      try {
        await once(worker, 'message');
        for (let i = 0; i < 20; i += 1) {
          const pointer = arena.allocate(8 * mebibyte);
          arena.float32(pointer, 2).set([i, 1]);
          worker.postMessage({ pointer, count: 2 * mebibyte });
          expect(await once(worker, 'message')).toEqual(['done']);
          expect([...arena.float32(pointer, 2)]).toEqual([2 * i, 2]);
        }
      } finally {
        await worker.terminate();
      }
    },
  );
});
