import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { PacelineError } from './errors.ts';

/** Where runs are kept, from the working folder. */
const usualRuns = 'runs';

/** Which folder a run is to have. */
export interface RunFolderOptions {
  /** The job's name. */
  readonly job: string;
  /** The folder that was asked for. */
  readonly out?: string;
  /** Go on from the checkpoints of this run; `true`: of `out`, or of the newest run of the job. */
  readonly resume?: string | true;
  readonly wallMs: number;
  /** The folder of all runs; `runs` by default. */
  readonly runs?: string;
}

/**
 * The folder of a run that is about to start: one with checkpoints when it is to go on from them, else one without, so
 * that nobody continues a run by accident. Nothing is created.
 *
 * @throws PacelineError `nothing-to-resume`, `run-exists`, `two-run-folders`
 */
export function chooseRunFolder(options: RunFolderOptions): string {
  const { job, out, resume, runs = usualRuns } = options;
  if (resume === undefined) {
    if (out !== undefined && hasCheckpoints(out)) throw runExists(out);
    return out ?? freshRun(options);
  }
  if (out !== undefined && resume !== true && resolve(out) !== resolve(resume)) {
    throw new PacelineError(
      'two-run-folders',
      `A run that goes on stays in its folder: --resume ${resume} and --out ${out} cannot both be. Leave --out away.`,
    );
  }
  const folder = resume === true ? (out ?? newestRun(job, runs)) : resume;
  if (folder !== undefined && hasCheckpoints(folder)) return folder;
  throw nothingToResume(folder, { job, runs });
}

/** `runs/<job>-<local time>`, as `runs/xor-20260830-174503`; with `-2`, `-3`, ... when it is taken. */
function freshRun({ job, wallMs, runs = usualRuns }: RunFolderOptions): string {
  const base = join(runs, `${job}-${timestamp(new Date(wallMs))}`);
  let folder = base;
  for (let i = 2; existsSync(folder); i++) folder = `${base}-${i}`;
  return folder;
}

/** The newest folder of the job that has checkpoints, going by the names that `freshRun` gives. */
function newestRun(job: string, runs: string): string | undefined {
  const own = namesIn(runs)
    .filter((name) => name.startsWith(`${job}-`))
    .map((name) => ({ name, parts: /^(\d{8}-\d{6})(?:-(\d+))?$/.exec(name.slice(job.length + 1)) }))
    .filter(({ parts }) => parts !== null)
    .map(({ name, parts }) => ({ name, time: parts?.[1] ?? '', nth: Number(parts?.[2] ?? 1) }))
    .sort((a, b) => b.time.localeCompare(a.time) || b.nth - a.nth);
  return own.map(({ name }) => join(runs, name)).find(hasCheckpoints);
}

function hasCheckpoints(folder: string): boolean {
  return namesIn(join(folder, 'checkpoints')).some((name) => /^step-\d+$/.test(name));
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function runExists(folder: string): PacelineError {
  return new PacelineError(
    'run-exists',
    `${folder} has the checkpoints of a run. Go on from them with --resume ${folder}, or choose another folder for --out.`,
  );
}

function nothingToResume(
  folder: string | undefined,
  { job, runs }: { readonly job: string; readonly runs: string },
): PacelineError {
  const fact =
    folder === undefined
      ? `No run of ${job} in ${runs}/ has checkpoints`
      : `${folder} has no checkpoints`;
  return new PacelineError(
    'nothing-to-resume',
    `${fact}: there is nothing to resume. Start anew without --resume, or name the folder of a run: --resume DIR.`,
  );
}

function timestamp(date: Date): string {
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('');
  return `${day}-${pad(date.getHours())}${pad(date.getMinutes())}${pad(date.getSeconds())}`;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
