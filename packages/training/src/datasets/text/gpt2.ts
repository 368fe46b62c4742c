/** The byte-pair encoding of GPT-2 (Radford et al., Language Models are Unsupervised Multitask Learners, 2019). */
import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { TrainingError } from '../../errors.ts';
import type { StoredFile } from '../files/stored-file.ts';
import type { Tokenizer, Tokens } from './tokens.ts';

const pieceBytes = 2 ** 20;
/** More text without a space or newline is cut all the same. */
const mostTextLength = 2 ** 24;

/**
 * Loads the merges: half a second. Text that looks like a special token (`<|endoftext|>`) is encoded as the text it is. A file
 * is encoded once, when it is opened, and its tokens stay in memory: 2 bytes each.
 */
export async function loadGpt2(): Promise<Tokenizer> {
  const { encode, vocabularySize } = await import('gpt-tokenizer/encoding/gpt2');
  const ordinary = { disallowedSpecial: new Set<string>() };
  return {
    size: vocabularySize,
    open: (file) => encodeFile(file, (text) => encode(text, ordinary)),
  };
}

function encodeFile(file: StoredFile, encode: (text: string) => readonly number[]): Tokens {
  const hash = createHash('sha256');
  // A token has a byte at least. What is not used of this costs no memory.
  const buffer = new ArrayBuffer(0, { maxByteLength: 2 * file.size });
  const tokens = new Uint16Array(buffer);
  let count = 0;
  for (const text of textsOf(file, (piece) => hash.update(piece))) {
    const codes = encode(text);
    buffer.resize(2 * (count + codes.length));
    tokens.set(codes, count);
    count += codes.length;
  }
  return {
    count,
    digest: hash.digest('hex'),
    read(into, position) {
      into.set(tokens.subarray(position, position + into.length));
    },
  };
}

/** The text in pieces that can be encoded one by one. */
function* textsOf(file: StoredFile, onPiece: (piece: Uint8Array) => void): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.allocUnsafe(pieceBytes);
  let text = '';
  for (let position = 0; position < file.size; position += pieceBytes) {
    const bytes = piece.subarray(0, Math.min(pieceBytes, file.size - position));
    file.readAt(bytes, position);
    onPiece(bytes);
    const stream = position + pieceBytes < file.size;
    text += decode(decoder, bytes, { stream, path: file.path, position });
    if (!stream) break;
    const end = text.length > mostTextLength ? text.length : lastCut(text);
    if (end > 0) yield text.slice(0, end);
    text = text.slice(end);
  }
  if (text !== '') yield text;
}

/**
 * Where text may be cut so that both parts have the tokens of the whole: in front of a space or newline that follows
 * something else. No token reaches over such a place, for blanks stand only at a token's beginning. 0 when there is none.
 */
export function lastCut(text: string): number {
  for (let at = text.length - 1; at > 0; at -= 1) {
    const isBlank = text[at] === ' ' || text[at] === '\n';
    if (isBlank && !/\s/.test(text[at - 1] ?? '')) return at;
  }
  return 0;
}

function decode(
  decoder: TextDecoder,
  bytes: Uint8Array,
  o: { readonly stream: boolean; readonly path: string; readonly position: number },
): string {
  try {
    return decoder.decode(bytes, { stream: o.stream });
  } catch (error) {
    const end = o.position + bytes.length;
    const words = `${o.path}: no UTF-8 text between bytes ${String(o.position)} and ${String(end)}`;
    throw new TrainingError('bad-data', words, { data: { path: o.path }, cause: error });
  }
}
