import { mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonPlace, libraryPlace } from './cache.ts';
import { CompileError, DiskFullError, InterruptedError, UnpackError } from './errors.ts';
import type { TfjsNode } from './find.ts';
import type { Wheel } from './platform.ts';
import type { Progress } from './progress.ts';
import { stderrAddon } from './quiet.ts';
import { lastLines, run } from './run.ts';
import { readZip, unzip, type ZipMember } from './unzip.ts';

/** What to build from, with what, and where. */
export interface BuildOptions {
  readonly tfjsNode: TfjsNode;
  readonly wheel: Wheel;
  readonly wheelFile: string;
  readonly compiler: string;
  /** Here `lib` and `deps` appear; what is needed only on the way is removed again. */
  readonly workDirectory: string;
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: Progress): void;
}

/** All that the addon's sources include, a few hundred files of the wheel's eighteen thousand. */
const headerFolders = [
  'tensorflow/c/',
  'tensorflow/core/platform/',
  'tensorflow/tsl/',
  'tsl/',
  'xla/',
];

/**
 * Builds tfjs-node's addon from its own C++ sources against the libraries of TensorFlow's Python wheel, which export
 * the whole C API that the addon uses. Only the two libraries stay.
 */
export async function buildAddon(options: BuildOptions): Promise<void> {
  const members = await readZip(options.wheelFile);
  const compiling = unpackHeaders(members, options).then(() => compile(options));
  const unpacking = unpackLibraries(members, options);
  // Both to their end, so that none still writes while the folder is swept.
  const results = await Promise.allSettled([compiling, unpacking]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    throw explain(failure.reason, options);
  }
  await link(options);
  await Promise.all(
    ['headers', 'objects'].map((name) =>
      rm(join(options.workDirectory, name), { recursive: true, force: true }),
    ),
  );
}

async function unpackHeaders(members: readonly ZipMember[], options: BuildOptions): Promise<void> {
  const prefix = 'tensorflow/include/';
  const headers = members.filter(
    ({ name }) =>
      name.endsWith('.h') && headerFolders.some((folder) => name.startsWith(prefix + folder)),
  );
  const places = headers.map((member) => ({ member, to: member.name.slice(prefix.length) }));
  await unzip(options.wheelFile, places, {
    root: join(options.workDirectory, 'headers'),
    signal: options.signal,
  });
}

async function unpackLibraries(
  members: readonly ZipMember[],
  options: BuildOptions,
): Promise<void> {
  const { wheel, wheelFile, workDirectory, signal } = options;
  const root = join(workDirectory, libraryPlace);
  await Promise.all(
    wheel.libraries.map(async (library) => {
      const member = members.find(({ name }) => name === `tensorflow/${library}`);
      if (member === undefined) {
        throw new UnpackError(wheelFile, `it holds no tensorflow/${library}`);
      }
      await unzip(wheelFile, [{ member, to: library }], { root, signal });
    }),
  );
}

async function compile(options: BuildOptions): Promise<void> {
  options.onProgress?.({ step: 'build' });
  const objects = join(options.workDirectory, 'objects');
  await mkdir(objects, { recursive: true });
  const binding = join(options.tfjsNode.directory, 'binding');
  const headers = join(options.workDirectory, 'headers');
  const flags = [...compileFlags(), `-I${headers}`, `-I${options.tfjsNode.directory}`];
  for (const source of (await readdir(binding)).filter((name) => name.endsWith('.cc'))) {
    const files = ['-c', join(binding, source), '-o', join(objects, `${source}.o`)];
    await runCompiler(options, `compile ${source}`, [...flags, ...files]);
  }
  await buildStderrAddon(options);
}

/** Not a reason to do without TensorFlow: where it cannot be built, two lines more are written. */
async function buildStderrAddon(options: BuildOptions): Promise<void> {
  const source = fileURLToPath(new URL('../native/stderr.cc', import.meta.url));
  const target = join(options.workDirectory, dirname(addonPlace), stderrAddon);
  await mkdir(dirname(target), { recursive: true });
  const flags = [...compileFlags(), ...linkFlags(process.platform)];
  await ignoreCompileError(
    runCompiler(options, 'compile stderr.cc', [...flags, source, '-o', target]),
  );
}

function compileFlags(): readonly string[] {
  return ['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', `-I${nodeApiHeaders()}`];
}

async function link(options: BuildOptions): Promise<void> {
  const addon = join(options.workDirectory, addonPlace);
  await mkdir(dirname(addon), { recursive: true });
  const objects = join(options.workDirectory, 'objects');
  const parts = (await readdir(objects)).map((name) => join(objects, name));
  const libraries = options.wheel.libraries.map((name) =>
    join(options.workDirectory, libraryPlace, name),
  );
  const args = [...linkFlags(process.platform), ...parts, ...libraries, '-o', addon];
  // GNU's older linker takes seven seconds to read the 788 MB library, gold one.
  const gold = runCompiler(options, 'link the addon', ['-fuse-ld=gold', ...args]);
  if (!(await ignoreCompileError(gold))) {
    await runCompiler(options, 'link the addon', args);
  }
}

/** Whether it succeeded. */
async function ignoreCompileError(compilation: Promise<void>): Promise<boolean> {
  try {
    await compilation;
    return true;
  } catch (error) {
    if (error instanceof CompileError) {
      return false;
    }
    throw error;
  }
}

/** The addon finds the libraries by their place relative to its own, so the entry can be moved. */
export function linkFlags(system: NodeJS.Platform): readonly string[] {
  return system === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib']
    : ['-shared', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
}

async function runCompiler(
  options: BuildOptions,
  what: string,
  args: readonly string[],
): Promise<void> {
  const result = await run(options.compiler, args, {
    signal: options.signal,
    env: { TMPDIR: options.workDirectory, LC_ALL: 'C' },
  });
  if (result.problem === 'aborted') {
    throw new InterruptedError('build');
  }
  if (/No space left/u.test(result.output)) {
    throw new DiskFullError(options.workDirectory);
  }
  if (result.code !== 0) {
    throw new CompileError(options.compiler, what, lastLines(result.output));
  }
}

/** Node-API is stable, so the headers of any version do; an npm-installed Node brings none. */
function nodeApiHeaders(): string {
  return join(
    dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
    'include',
  );
}

function explain(error: unknown, options: BuildOptions): unknown {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === 'ENOSPC') {
    return new DiskFullError(options.workDirectory);
  }
  return name === 'AbortError' ? new InterruptedError('unpack') : error;
}
