import { ProtocolError } from '../errors.ts';
import type { MessageKind, ServerMessage, Side, TensorHeader, WorkerMessage } from '../messages.ts';
import { check } from '../issues.ts';
import { isPlainObject } from '../json.ts';
import { checksumField } from './checksum.ts';
import { definitionOfCode } from './definitions.ts';
import type { Definition } from './definitions.ts';
import { Unpackr } from './msgpack.ts';
import { peekCode, splitFrame, splitHead } from './split-frame.ts';

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** Bytes of one number of each dtype. */
const bytesPerNumber = { f32: 4 } as const;

/**
 * Decodes and checks a frame that came from a worker or a server. The payload of a tensor message is a
 * view of `frame` (at any alignment), valid for as long as `frame` is.
 * @throws ProtocolError for whatever else is in the frame; the message names the message and the field
 */
export function decodeMessage(frame: Uint8Array, from: 'worker'): WorkerMessage;
export function decodeMessage(frame: Uint8Array, from: 'server'): ServerMessage;
export function decodeMessage(frame: Uint8Array, from: Side): WorkerMessage | ServerMessage;
export function decodeMessage(frame: Uint8Array, from: Side): WorkerMessage | ServerMessage {
  const { code, header, payload, entries, isSealed } = splitFrame(frame);
  const definition = definitionOfCode(code);
  if (!definition) throw new ProtocolError('unknown-kind', `no message has code ${code}`);
  if (definition.from !== from) {
    throw new ProtocolError(
      'wrong-direction',
      `${definition.kind} (code ${code}) is never sent by a ${from}`,
    );
  }
  const fields = parseHeader(definition, unseal(unpack(header, entries), isSealed));
  checkPayload(definition, fields, payload);
  const message = payload
    ? { kind: definition.kind, ...fields, payload }
    : { kind: definition.kind, ...fields };
  return message as WorkerMessage | ServerMessage;
}

/** Which message a frame says it is, before anything of it is decoded; undefined for none. */
export function peekKind(frame: Uint8Array): MessageKind | undefined {
  const code = peekCode(frame);
  return code === undefined ? undefined : definitionOfCode(code)?.kind;
}

/** A tensor message before its numbers are there. */
export interface TensorHead {
  readonly header: TensorHeader;
  /** Where in the frame the numbers start, in bytes. */
  readonly dataOffset: number;
}

/** What the first bytes of a frame say of a tensor message without a checksum; undefined for all else. */
export function peekTensor(head: Uint8Array): TensorHead | undefined {
  try {
    const { code, header, entries, dataOffset } = splitHead(head);
    const definition = definitionOfCode(code);
    if (definition?.hasPayload !== true) return undefined;
    const fields = parseHeader(definition, unpack(header, entries));
    return { header: { kind: definition.kind, ...fields } as TensorHeader, dataOffset };
  } catch {
    return undefined;
  }
}

/** The header without its checksum, which is no field of any message. */
function unseal(header: unknown, isSealed: boolean): unknown {
  if (!isSealed || !isPlainObject(header)) return header;
  const { [checksumField]: _checksum, ...fields } = header;
  return fields;
}

function parseHeader(definition: Definition, header: unknown): object {
  const result = check(definition.schema, header);
  if ('value' in result) return result.value;
  const [issue] = result.issues;
  const field = issue && issue.path !== '' ? `${definition.kind}.${issue.path}` : definition.kind;
  throw new ProtocolError('bad-field', `${field}: ${issue?.rule ?? 'is not valid'}`);
}

/** Of two values of one key only one is left: two readers of one message must not see different ones. */
function unpack(header: Uint8Array, entries: number): unknown {
  let value: unknown;
  try {
    value = unpackr.unpack(header);
  } catch (cause) {
    throw new ProtocolError('malformed', 'the header is not msgpack', { cause });
  }
  if (countEntries(value) === entries) return value;
  throw new ProtocolError('malformed', 'a map has the same key twice');
}

/** Entries of all maps in a plain value. */
function countEntries(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  const own = Array.isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((sum, each) => sum + countEntries(each), own);
}

function checkPayload(
  definition: Definition,
  fields: { readonly dtype?: keyof typeof bytesPerNumber; readonly length?: number },
  payload: Uint8Array | undefined,
): void {
  if (definition.hasPayload !== (payload !== undefined)) {
    const rule = definition.hasPayload ? 'needs a payload' : 'takes no payload';
    throw new ProtocolError('bad-payload', `${definition.kind} ${rule}`);
  }
  if (payload === undefined || fields.dtype === undefined || fields.length === undefined) return;
  const expectedBytes = fields.length * bytesPerNumber[fields.dtype];
  if (payload.length !== expectedBytes) {
    const declared = `${fields.length} numbers of ${fields.dtype} are ${expectedBytes} bytes`;
    throw new ProtocolError(
      'bad-payload',
      `${definition.kind}: ${declared}, got ${payload.length}`,
    );
  }
}
