import { closeSync, openSync } from 'node:fs';

import type { ShapedArray } from './arrays.ts';
import type { FitTypedArray } from './types.ts';
import { writeAll } from './write-all.ts';

/** Types of NumPy by those of JavaScript. */
const descriptions: readonly (readonly [abstract: { readonly name: string }, string])[] = [
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Int8Array, '|i1'],
  [Int16Array, '<i2'],
  [Int32Array, '<i4'],
  [Uint8Array, '|u1'],
  [Uint8ClampedArray, '|u1'],
  [Uint16Array, '<u2'],
  [Uint32Array, '<u4'],
];

/**
 * Writes a `.npy` file (numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0) from the memory in which
 * the numbers are. Blocks.
 */
export function writeNpy(path: string, { shape, values, isBool }: Omit<ShapedArray, 'name'>): void {
  const file = openSync(path, 'w');
  try {
    writeAll(file, headerOf(isBool ? '|b1' : descriptionOf(values), shape));
    writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  } finally {
    closeSync(file);
  }
}

/** The dictionary is padded so that numbers begin at a multiple of 64. */
function headerOf(description: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((text.length + 11) / 64) * 64 - 10;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1')]);
}

function descriptionOf(values: FitTypedArray): string {
  const found = descriptions.find(([type]) => values.constructor.name === type.name);
  return found?.[1] ?? '<f4';
}
