import { ServerError } from '../errors.ts';

/** A tensor of a safetensors file. `bytes` are its little-endian Float32 values: a view into the file. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The limit of the format's own implementation. */
const mostHeaderBytes = 100_000_000;
const lengthBytes = 8;

interface HeaderEntry {
  readonly dtype: unknown;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The tensors of a safetensors file in the order of their data. Strict: every byte of the data belongs to exactly one
 * tensor, as the format demands, and all tensors are F32 (format: huggingface/safetensors, README "Format").
 * @throws ServerError `not-safetensors`; the message completes "FILE is no safetensors file: "
 */
export function decodeSafetensors(content: Uint8Array): readonly SafetensorsTensor[] {
  const dataStart = lengthBytes + headerLength(content);
  const data = content.subarray(dataStart);
  const entries = Object.entries(parseHeader(content.subarray(lengthBytes, dataStart)))
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => [name, checkEntry(name, entry)] as const)
    .sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  const tensors = entries.map(([name, { shape, data_offsets }]) => {
    const [from, to] = data_offsets;
    if (from !== end) throw broken(`the data of ${name} do not begin where those before end`);
    if (to > data.byteLength) throw broken(`the data of ${name} are cut short`);
    end = to;
    return { name, shape, bytes: data.subarray(from, to) };
  });
  if (end !== data.byteLength) {
    throw broken(`${data.byteLength - end} bytes at its end belong to no tensor`);
  }
  return tensors;
}

function headerLength(content: Uint8Array): number {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const length = content.byteLength < lengthBytes ? Infinity : Number(view.getBigUint64(0, true));
  if (length > mostHeaderBytes || lengthBytes + length > content.byteLength) {
    throw broken('its header is cut short');
  }
  return length;
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw broken('its header is not JSON');
}

function checkEntry(name: string, value: unknown): HeaderEntry {
  const { dtype, shape, data_offsets } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype === 'string' && dtype !== 'F32') throw broken(`${name} is ${dtype}, not F32`);
  if (dtype !== 'F32' || !isCounts(shape) || !isCounts(data_offsets)) {
    throw broken(`the header entry of ${name} is not one`);
  }
  const [from = 0, to = -1] = data_offsets;
  const bytes = shape.reduce((size, dimension) => size * dimension, Float32Array.BYTES_PER_ELEMENT);
  if (data_offsets.length !== 2 || to - from !== bytes) {
    throw broken(`the shape and the bytes of ${name} do not fit`);
  }
  return { dtype, shape, data_offsets: [from, to] };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function broken(why: string): ServerError {
  return new ServerError('not-safetensors', why);
}
