import { statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, resolve } from 'node:path';

import { isDataOnly, nearestWord, parseJob } from '@paceline/protocol';
import type { Job, JobSource } from '@paceline/protocol';

import { PacelineError } from './errors.ts';
import { readDefinition } from './job-file/read-definition.ts';
import { builtinJobs } from './jobs/registry.ts';

/** A job and where it comes from, so that a worker can tell whether it needs the file as well. */
export interface LoadedJob {
  readonly job: Job;
  /** `name`: the built-in name, or the file as the user wrote it. */
  readonly source: JobSource;
}

/** How a job is found and changed. */
export interface LoadJobOptions {
  /** Overrides, each `a.b=c`. */
  readonly set?: readonly string[];
  /** What a relative path starts from; the working folder by default. */
  readonly directory?: string;
}

/**
 * Loads JOB of the command line: the name of a built-in job, or a file (.ts, .js, .mjs with a default
 * export; .json for jobs that are data only). A built-in name wins; write `./name` for a file of that name.
 *
 * @throws PacelineError when there is no such job or its file cannot be run
 * @throws JobError (of the protocol) when a field is wrong: one line for each
 */
export async function loadJob(name: string, options: LoadJobOptions = {}): Promise<LoadedJob> {
  const set = options.set ?? [];
  const builtin = builtinJobs[name];
  if (builtin !== undefined) {
    return { job: parseJob(builtin, { name, set }), source: { kind: 'builtin', name } };
  }
  const file = findFile(name, options.directory ?? process.cwd());
  const definition = await readDefinition(file);
  const job = parseJob(definition, { name: jobNameOf(file), set });
  return { job, source: { kind: isDataOnly(job.settings) ? 'data' : 'file', name } };
}

function findFile(name: string, directory: string): string {
  const file = isAbsolute(name) ? name : resolve(directory, name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return file;
  if (stats !== undefined) {
    throw new PacelineError('job-unreadable', `${file} is a folder, not a job file.`);
  }
  const names = Object.keys(builtinJobs);
  const meant = nearestWord(name, names);
  throw new PacelineError(
    'job-not-found',
    [
      `There is no job "${name}": no built-in job has that name, and there is no file ${file}.`,
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      `Built-in jobs: ${names.join(', ')}.`,
    ].join('\n'),
  );
}

// `examples/xor/job.ts` is the job "xor": the file's own name says nothing.
function jobNameOf(file: string): string {
  const own = basename(file, extname(file)).replace(/\.job$/, '');
  return own === 'job' || own === 'index' ? basename(dirname(file)) : own;
}
