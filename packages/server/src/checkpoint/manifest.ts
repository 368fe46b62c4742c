// Not all of the package: the thread that writes checkpoints is waited for when a run starts.
import { hashJson } from '@paceline/protocol/digest';
import { ServerError } from '../errors.ts';
import type { WrittenFile } from './files.ts';
import type { CheckpointFacts } from './storage.ts';

/** Name of the manifest in a checkpoint. */
export const manifestName = 'manifest.json';

const format = 'paceline-checkpoint';
/** Grows when a reader of the version before would misread a checkpoint. */
const formatVersion = 2;

/** What proves a checkpoint whole: its facts, and size and SHA-256 of each file. */
export interface Manifest {
  readonly facts: CheckpointFacts;
  readonly files: readonly WrittenFile[];
}

/**
 * The bytes of `manifest.json`: indented JSON, ended by a line feed. Its last field `digest` is the SHA-256 (hex) of the
 * canonical JSON of all other fields.
 */
export function encodeManifest({ facts, files }: Manifest): Uint8Array {
  const { settings, layout, ...short } = facts;
  // What a person looks for comes first; a topology may fill pages.
  const fields = { format, formatVersion, ...short, files, settings, layout };
  return toBytes({ ...fields, digest: hashJson(fields) });
}

/**
 * Reads a manifest back. Every manifest has exactly one spelling: one byte that is another, be it a space, is noticed.
 * @throws ServerError `checkpoint-damaged`; `checkpoint-format` for one that is whole but of another format
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const content = parse(bytes);
  const { digest, ...fields } = content;
  if (digest !== hashJson(fields) || !isSame(toBytes(content), bytes)) {
    throw new ServerError('checkpoint-damaged', `${manifestName} is not what was written`);
  }
  if (fields['format'] !== format || fields['formatVersion'] !== formatVersion) {
    const words = `it has format ${String(fields['formatVersion'])} of ${String(fields['format'])}`;
    throw new ServerError('checkpoint-format', `${words}, which this version does not read`);
  }
  const { format: _, formatVersion: __, files, ...facts } = fields;
  // Nobody but encodeManifest makes a digest that fits: the fields are those that it wrote.
  return { facts, files } as unknown as Manifest;
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ServerError('checkpoint-damaged', `${manifestName} is not JSON`);
}

function toBytes(content: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
