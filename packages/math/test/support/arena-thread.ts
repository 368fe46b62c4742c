// The other thread of arena.test.ts: doubles what it is told to, in memory that it only attached to.
import { parentPort, workerData } from 'node:worker_threads';

import { attachArena } from '../../src/arena.ts';
import type { SharedMemory } from '../../src/kernels/webassembly.ts';

const arena = attachArena(workerData as SharedMemory);

parentPort?.on('message', ({ pointer, count }: { pointer: number; count: number }) => {
  const values = arena.float32(pointer, count);
  arena.kernels.add(pointer, pointer, pointer, values.length);
  parentPort?.postMessage('done');
});
parentPort?.postMessage('ready');
