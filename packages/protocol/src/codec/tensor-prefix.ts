import type { TensorHeader } from '../messages.ts';
import { checksumField, sealFrame, unknownChecksum } from './checksum.ts';
import { definitionOf } from './definitions.ts';

/** Room that the longest prefix needs in front of a bucket's numbers. */
export const tensorHeadroomBytes = 128;
/** Type and length of the payload. */
const payloadHeadBytes = 5;

/**
 * Writes `[code, header, ` and the head of the payload into `area` so that they end exactly at byte
 * `dataOffset`, where the bucket's numbers already are: the frame is then
 * `area.subarray(start, dataOffset + 4 * length)`, without a copy and without boxing a number. Written
 * from the end to the front, because the size of the prefix is known only when it is there. Needs
 * `tensorHeadroomBytes` free bytes before `dataOffset`; writes nothing at or after it. With `checksum` the header ends with
 * one, for which the numbers must be there.
 */
export function writeTensorPrefix(
  area: Uint8Array,
  dataOffset: number,
  { header, checksum = false }: { readonly header: TensorHeader; readonly checksum?: boolean },
): { readonly start: number } {
  const { code, fieldNames } = planOf(header.kind);
  const values = header as unknown as Readonly<Record<string, number | string>>;
  const dataBytes = 4 * header.length;
  const headerEnd = dataOffset - payloadHeadBytes;
  area[writeUint32(area, dataOffset, dataBytes) - 1] = 0xc6; // bin 32
  let at = checksum ? writeField(area, headerEnd, [checksumField, unknownChecksum]) : headerEnd;
  for (let i = fieldNames.length - 1; i >= 0; i--) {
    const name = fieldNames[i] ?? '';
    at = writeField(area, at, [name, values[name] ?? 0]);
  }
  area[--at] = 0x80 | (fieldNames.length + (checksum ? 1 : 0)); // fixmap
  area[--at] = code;
  area[--at] = 0x93; // array of three
  if (checksum) sealFrame(area.subarray(at, dataOffset + dataBytes), headerEnd - at);
  return { start: at };
}

interface Plan {
  readonly code: number;
  readonly fieldNames: readonly string[];
}

const plans = new Map<TensorHeader['kind'], Plan>();

function planOf(kind: TensorHeader['kind']): Plan {
  let plan = plans.get(kind);
  if (!plan) {
    const { code, fields } = definitionOf(kind);
    plan = { code, fieldNames: Object.keys(fields) };
    plans.set(kind, plan);
  }
  return plan;
}

function writeField(
  area: Uint8Array,
  end: number,
  [name, value]: readonly [string, number | string],
): number {
  const at = typeof value === 'string' ? writeText(area, end, value) : writeCount(area, end, value);
  return writeText(area, at, name);
}

/** Writes a whole number >= 0 in its shortest form so that it ends before `end`; gives its start. */
function writeCount(area: Uint8Array, end: number, value: number): number {
  let at = end;
  if (value < 0x80) {
    area[--at] = value;
  } else if (value < 0x100) {
    area[--at] = value;
    area[--at] = 0xcc;
  } else if (value < 0x10000) {
    area[--at] = value;
    area[--at] = value >>> 8;
    area[--at] = 0xcd;
  } else if (value < 0x100000000) {
    at = writeUint32(area, at, value);
    area[--at] = 0xce;
  } else {
    at = writeUint32(area, at, value);
    at = writeUint32(area, at, Math.floor(value / 0x100000000));
    area[--at] = 0xcf;
  }
  return at;
}

function writeUint32(area: Uint8Array, end: number, value: number): number {
  area[end - 1] = value;
  area[end - 2] = value >>> 8;
  area[end - 3] = value >>> 16;
  area[end - 4] = value >>> 24;
  return end - 4;
}

/** Writes a short ASCII string, as names of fields and dtypes are. */
function writeText(area: Uint8Array, end: number, text: string): number {
  const start = end - text.length;
  for (let i = 0; i < text.length; i++) area[start + i] = text.charCodeAt(i);
  area[start - 1] = 0xa0 | text.length; // fixstr
  return start - 1;
}
