import { hashJson } from '../digest.ts';
import type { DataSettings } from './data/data.ts';
import type { JobSettings } from './job.ts';
import type { StartSettings } from './start.ts';

type WithoutEffect = 'name' | 'until' | 'checkpoint' | 'bucketBytes';
type WithPaths = 'data' | 'start';

/** The settings of a job that decide the bits of its run, as plain JSON. */
export type BitSettings = Omit<JobSettings, WithoutEffect | WithPaths> & {
  readonly data: object;
  readonly start?: object;
};

/**
 * The settings that matter for the bits of a run. Name, end, checkpoints and bucket size do not: a longer run of the
 * same job, cut into other messages, goes through the same parameters. Nor do the paths of files: digests say what was in
 * them.
 */
export function bitSettings(settings: JobSettings): BitSettings {
  const {
    name: _name,
    until: _until,
    checkpoint: _checkpoint,
    bucketBytes: _bytes,
    start,
    ...rest
  } = settings;
  const bits = { ...rest, data: withoutPaths(settings.data) };
  return start === undefined ? bits : { ...bits, start: digestsOf(start) };
}

/**
 * SHA-256 (hex) of the settings that matter for the bits of a run ({@link bitSettings}): two runs of one hash and one
 * layout may be compared, and a checkpoint of one serves the other.
 */
export function jobHash(settings: JobSettings): string {
  return hashJson(bitSettings(settings));
}

/** What training begins with, wherever it lies. */
function digestsOf({ weights: { path: _path, ...weights }, optimizer }: StartSettings): object {
  if (optimizer === undefined) return { weights };
  const slots = Object.entries(optimizer.slots).map(
    ([name, { sha256 }]) => [name, sha256] as const,
  );
  return { weights, optimizer: { ...optimizer, slots: Object.fromEntries(slots) } };
}

/** Kinds of data whose `train` and `test` say only where the files are. */
const filesOnly: ReadonlySet<string> = new Set([
  'idx',
  'csv',
  'jsonLines',
  'npy',
  'npz',
  'parquet',
  'images',
  'text',
]);

interface FileNames {
  readonly train?: unknown;
  readonly test?: unknown;
}

function withoutPaths(data: DataSettings): object {
  if (data.type === 'mnist' || data.type === 'cifar10') {
    const { path: _path, ...rest } = data;
    return rest;
  }
  if (!filesOnly.has(data.type)) return data;
  const { train: _train, test: _test, ...rest } = data as DataSettings & FileNames;
  return rest;
}
