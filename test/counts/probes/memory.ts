import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isAnyArrayBuffer } from 'node:util/types';
import zlib from 'node:zlib';
import { hear, hearNew } from './hear.ts';
import type { Tally } from './tally.ts';

/** Headers, references and counters are smaller, frames of buckets larger. */
const leastBytes = 1024;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const buffer = Buffer.prototype as object;
const arrayClasses = ['Uint8Array', 'Float32Array', 'Float64Array', 'Uint32Array', 'Int32Array'];

/**
 * Counts what this thread copies, allocates, moves through files of shared memory and runs checksums over, as far as
 * JavaScript says so; at least 1 KiB at a time. What Node does by itself is not heard: the buffers of at most 64 KiB in
 * which it reads a socket, and the copies between them and the system. `sockets.ts` has their bytes. msgpackr takes 8 KiB
 * for its next 6 KiB of control messages, of which the whole counted run has less.
 */
export function countMemory(tally: Tally): void {
  // By where it goes to: a frame comes in pieces of any size.
  const copied = (bytes: number, into: unknown): void => {
    if (bytesOf(into) >= leastBytes) tally.add('copied bytes', bytes);
  };
  const allocated = (made: unknown): void => {
    if (bytesOf(made) < leastBytes) return;
    tally.add('allocations');
    tally.add('allocated bytes', bytesOf(made));
  };
  countCopies(copied);
  countAllocations(copied, allocated);
  countFiles(tally);
}

type Copied = (bytes: number, into: unknown) => void;

function countCopies(copied: Copied): void {
  hear(typedArray, 'set', ({ self, args: [source] }) => copied(bytesOf(source), self));
  hear(typedArray, 'copyWithin', ({ self }) => copied(bytesOf(self), self));
  hear(buffer, 'copy', ({ args: [into], result }) => copied(Number(result), into));
  hear(buffer, 'fill', ({ self, args: [source] }) => {
    if (bytesOf(source) > 0) copied(bytesOf(self), self);
  });
  hear(Buffer, 'concat', ({ result }) => copied(bytesOf(result), result));
}

function countAllocations(copied: Copied, allocated: (made: unknown) => void): void {
  const both = (made: unknown): void => {
    allocated(made);
    copied(bytesOf(made), made);
  };
  hear(typedArray, 'slice', ({ result }) => both(result));
  hear(ArrayBuffer.prototype, 'slice', ({ result }) => both(result));
  hear(Buffer, 'from', ({ args: [source], result }) => {
    if (!isAnyArrayBuffer(source)) both(result);
  });
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow']) {
    hear(Buffer, name, ({ result }) => allocated(result));
  }
  for (const name of [...arrayClasses, 'ArrayBuffer', 'SharedArrayBuffer']) {
    hearNew(globalThis, name, (made, [source]) => {
      if (ArrayBuffer.isView(source)) both(made);
      else if (!isAnyArrayBuffer(source)) allocated(made);
      return made;
    });
  }
}

function countFiles(tally: Tally): void {
  const moved = (what: string, bytes: number): void => {
    if (bytes >= leastBytes) tally.add(what, bytes);
  };
  hear(fs, 'readSync', ({ result }) => moved('lane bytes read', Number(result)));
  hear(fs, 'writeSync', ({ result }) => moved('lane bytes written', Number(result)));
  hear(zlib, 'crc32', ({ args: [bytes] }) => moved('checksummed bytes', bytesOf(bytes)));
  syncBuiltinESMExports();
}

/** Of an array or a buffer; 0 for anything else. */
function bytesOf(value: unknown): number {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value) ? value.byteLength : 0;
}
