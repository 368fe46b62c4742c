import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ChecksumError,
  DiskFullError,
  DownloadError,
  InterruptedError,
  NetworkError,
  UnpackError,
} from './errors.ts';
import type { TensorFlowRuntimeError } from './errors.ts';
import type { Command } from './find.ts';
import type { Wheel } from './platform.ts';
import type { Progress } from './progress.ts';
import { lastLines, run, type RunResult } from './run.ts';

/** With what to download, and where to. */
export interface DownloadOptions {
  readonly pip: Command;
  /** An empty folder for what is on its way. */
  readonly workDirectory: string;
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: Progress): void;
}

const lookMs = 200;
/** pip is given up when nothing arrives for so long. */
const stalledMs = 60_000;

/**
 * Lets pip bring the wheel into the work folder and gives back its path. pip does it because it knows the index, the
 * proxy and the certificates of this place; whatever Python runs it, it brings the wheel of the platform asked for.
 * pip checks the hash (its hash-checking mode), and `checkWheel` does so again.
 */
export async function downloadWheel(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const { workDirectory, pip } = options;
  const [temporary, target, requirements] = ['pip', 'wheel', 'requirements.txt'].map((n) =>
    join(workDirectory, n),
  ) as [string, string, string];
  await Promise.all([mkdir(temporary, { recursive: true }), mkdir(target, { recursive: true })]);
  await writeFile(
    requirements,
    `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`,
  );
  const watch = watchFolders([temporary, target], wheel.bytes, options);
  const result = await run(
    pip.program,
    [...pip.args, ...pipArguments(wheel, requirements, target)],
    {
      signal: watch.signal,
      // pip's temporary files are ours to sweep, and on a disk whose room was checked.
      env: { TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
    },
  );
  watch.stop();
  if (result.code !== 0) {
    throw explainPip(wheel, result, { stalled: watch.hasStalled(), directory: workDirectory });
  }
  const name = (await readdir(target)).find((file) => file.endsWith('.whl'));
  if (name === undefined) {
    throw new DownloadError(describe(wheel), lastLines(result.output));
  }
  await checkWheel(join(target, name), wheel);
  await rm(temporary, { recursive: true, force: true });
  return join(target, name);
}

/** Throws `ChecksumError`, having removed the file, unless it is exactly the wheel asked for. */
async function checkWheel(file: string, wheel: Wheel): Promise<void> {
  const actual = await sha256(file);
  if (actual !== wheel.sha256) {
    await rm(file, { force: true });
    throw new ChecksumError(describe(wheel), wheel.sha256, actual);
  }
}

/** The name under which the cache keeps the wheel until the build is done, so that a killed build need not fetch it again. */
export function keptWheelName(wheel: Wheel): string {
  return `${wheel.package}-${wheel.version}-${wheel.tag}-${wheel.sha256.slice(0, 12)}.whl`;
}

/** Moves the checked wheel to its kept place, in one rename. */
export async function keepWheel(file: string, kept: string): Promise<void> {
  await rename(file, kept);
}

function pipArguments(wheel: Wheel, requirements: string, target: string): readonly string[] {
  return [
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar',
    'off',
    '--retries',
    '1',
    '--timeout',
    '15',
    '--implementation',
    'cp',
    '--python-version',
    '3.12',
    '--abi',
    'cp312',
    '--platform',
    wheel.tag,
    '--require-hashes',
    '-r',
    requirements,
    '-d',
    target,
  ];
}

interface Watch {
  readonly signal: AbortSignal;
  hasStalled(): boolean;
  stop(): void;
}

/** pip says little about how far it is; the size of its files says it, for every version of pip. */
function watchFolders(
  folders: readonly string[],
  totalBytes: number,
  options: DownloadOptions,
): Watch {
  const stall = new AbortController();
  let seenBytes = -1;
  let seenAtMs = performance.now();
  const timer = setInterval(() => {
    void Promise.all(folders.map(folderBytes)).then((sizes) => {
      const doneBytes = Math.min(totalBytes, Math.max(...sizes));
      if (doneBytes !== seenBytes) {
        seenBytes = doneBytes;
        seenAtMs = performance.now();
        options.onProgress?.({ step: 'download', doneBytes, totalBytes });
      } else if (doneBytes < totalBytes && performance.now() - seenAtMs > stalledMs) {
        stall.abort();
      }
    });
  }, lookMs);
  return {
    signal:
      options.signal === undefined ? stall.signal : AbortSignal.any([options.signal, stall.signal]),
    hasStalled: () => stall.signal.aborted,
    stop: () => {
      clearInterval(timer);
    },
  };
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => fileBytes(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fileBytes(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}

/** pip's exit code is 1 for everything: what it wrote tells the cases apart. */
export function explainPip(
  wheel: Wheel,
  result: Pick<RunResult, 'output' | 'problem'>,
  context: { readonly stalled: boolean; readonly directory: string },
): TensorFlowRuntimeError {
  const details = lastLines(result.output, 6);
  if (context.stalled) {
    return new NetworkError(
      describe(wheel),
      `nothing arrived for ${String(stalledMs / 1000)} seconds`,
    );
  }
  if (result.problem === 'aborted') {
    return new InterruptedError('download');
  }
  if (/No space left|Errno 28/u.test(result.output)) {
    return new DiskFullError(context.directory);
  }
  if (/DO NOT MATCH THE HASHES|HashMismatch/iu.test(result.output)) {
    return new ChecksumError(
      describe(wheel),
      wheel.sha256,
      /Got\s+([0-9a-f]{64})/u.exec(result.output)?.[1],
    );
  }
  const isNetwork =
    /connection|timed? ?out|resolution|resolve host|not known|SSLError|ProxyError|unreachable|Retrying/iu;
  return isNetwork.test(result.output)
    ? new NetworkError(describe(wheel), details)
    : new DownloadError(describe(wheel), details);
}

function describe(wheel: Wheel): string {
  return `${wheel.package} ${wheel.version} (${wheel.tag}, ${String(Math.round(wheel.bytes / 1e6))} MB)`;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
    }
  } catch (error) {
    throw new UnpackError(file, 'it could not be read', error);
  }
  return hash.digest('hex');
}
