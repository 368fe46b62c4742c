/** One tensor of a safetensors file: its bytes come in pieces, so that nothing needs the whole vector at once. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

const alignment = 8;

/**
 * The head of a safetensors file: 8 bytes little-endian header length, then the JSON header, padded with spaces so
 * that the data begins at a multiple of 8 (format: huggingface/safetensors, README "Format"). The data of the entries
 * follows in the order given, without gaps. All tensors are F32.
 */
export function encodeSafetensorsHead(
  entries: readonly SafetensorsEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const fields: (readonly [string, unknown])[] = [['__metadata__', metadata]];
  for (const { name, shape, bytes } of entries) {
    fields.push([name, { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] }]);
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  const length = Math.ceil(json.length / alignment) * alignment;
  const head = Buffer.alloc(8 + length, ' ');
  head.writeBigUInt64LE(BigInt(length), 0);
  json.copy(head, 8);
  return head;
}
