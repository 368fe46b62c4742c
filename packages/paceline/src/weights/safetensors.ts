import { PacelineError } from '../errors.ts';
import type { SavedTensor } from './saved-tensor.ts';

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The tensors of a safetensors file: 8 bytes little-endian header length, JSON header, data
 * (format: huggingface/safetensors, README "Format").
 *
 * @throws PacelineError `weights-unreadable`, naming `file`
 */
export function decodeSafetensors(file: string, content: Uint8Array): readonly SavedTensor[] {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const headerBytes = content.byteLength < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + headerBytes > content.byteLength) throw broken(file, 'its header is cut short');
  const data = content.subarray(8 + headerBytes);
  const header = parseHeader(file, content.subarray(8, 8 + headerBytes));
  return Object.entries(header).map(([name, entry]) => {
    const [from, to] = entry.data_offsets;
    if (entry.dtype !== 'F32') throw broken(file, `${name} is ${entry.dtype}, not F32`);
    if (to > data.byteLength) throw broken(file, `the data of ${name} are cut short`);
    return { name, shape: entry.shape, bytes: data.subarray(from, to) };
  });
}

function parseHeader(file: string, bytes: Uint8Array): Readonly<Record<string, HeaderEntry>> {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, HeaderEntry>;
    const { __metadata__: _, ...tensors } = parsed;
    return tensors;
  } catch (cause) {
    throw broken(file, 'its header is not JSON', cause);
  }
}

function broken(file: string, why: string, cause?: unknown): PacelineError {
  return new PacelineError('weights-unreadable', `${file} is no safetensors file: ${why}.`, {
    cause,
  });
}
