import { hashJson } from '../digest.ts';
import type { DataSettings } from './data/data.ts';
import type { JobSettings } from './job.ts';

type WithoutEffect = 'name' | 'until' | 'checkpoint' | 'bucketBytes';

/** The settings of a job that decide the bits of its run, as plain JSON. */
export type BitSettings = Omit<JobSettings, WithoutEffect | 'data'> & { readonly data: object };

/**
 * The settings that matter for the bits of a run. Name, end, checkpoints and bucket size do not: a longer run of the
 * same job, cut into other messages, goes through the same parameters. Nor do the paths of data files: the digests
 * of the splits say what was in them.
 */
export function bitSettings(settings: JobSettings): BitSettings {
  const {
    name: _name,
    until: _until,
    checkpoint: _checkpoint,
    bucketBytes: _bytes,
    ...rest
  } = settings;
  return { ...rest, data: withoutPaths(settings.data) };
}

/**
 * SHA-256 (hex) of the settings that matter for the bits of a run ({@link bitSettings}): two runs of one hash and one
 * layout may be compared, and a checkpoint of one serves the other.
 */
export function jobHash(settings: JobSettings): string {
  return hashJson(bitSettings(settings));
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
