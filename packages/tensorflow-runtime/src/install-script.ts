import { existsSync, readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { addonPlace } from './cache.ts';
import { InstallScriptError, InterruptedError } from './errors.ts';
import type { TfjsNode } from './find.ts';
import { lastLines, run } from './run.ts';

/** Whose script to run, and where. */
export interface InstallScriptOptions {
  readonly tfjsNode: TfjsNode;
  /** Here `lib` and `deps` appear. */
  readonly workDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/** The storage that the script downloads from is out of reach in many places, where it would hang for minutes. */
const probeMs = 2_500;
const scriptMs = 240_000;
const copied = ['package.json', 'binding.gyp', 'binding', 'scripts'];

/**
 * Runs tfjs-node's own install script in a copy of its package, so that what it leaves when it fails (it empties
 * `deps` and rewrites `package.json`) harms nobody. Throws `InstallScriptError` soon when its storage does not answer.
 */
export async function runInstallScript(options: InstallScriptOptions): Promise<void> {
  const { tfjsNode, workDirectory, signal } = options;
  await probe(tfjsNode, signal);
  for (const name of copied) {
    await cp(join(tfjsNode.directory, name), join(workDirectory, name), { recursive: true });
  }
  const result = await run(process.execPath, [join('scripts', 'install.js')], {
    cwd: workDirectory,
    env: scriptEnvironment(tfjsNode),
    signal,
    timeoutMs: scriptMs,
  });
  if (result.problem === 'aborted') {
    throw new InterruptedError('install-script');
  }
  if (result.code !== 0 || !existsSync(join(workDirectory, addonPlace))) {
    const why =
      result.problem === 'timeout'
        ? `it took over ${String(scriptMs / 1000)} seconds`
        : lastLines(result.output, 6);
    throw new InstallScriptError(why);
  }
  for (const name of copied) {
    await rm(join(workDirectory, name), { recursive: true, force: true });
  }
}

/** The address of the ready addon, put together as node-pre-gyp does from the package's `binary` record. */
export function addonAddress(
  tfjsNode: TfjsNode,
  system: NodeJS.Platform = process.platform,
): string {
  const { binary } = JSON.parse(
    readFileSync(join(tfjsNode.directory, 'package.json'), 'utf8'),
  ) as Manifest;
  const path = binary.remote_path
    .replace('{napi_build_version}', '8')
    .replace('{version}', tfjsNode.version);
  return new URL(`CPU-${system}-${tfjsNode.version}.tar.gz`, new URL(path, `${binary.host}/`)).href;
}

interface Manifest {
  readonly binary: { readonly host: string; readonly remote_path: string };
}

async function probe(tfjsNode: TfjsNode, signal: AbortSignal | undefined): Promise<void> {
  const limit = AbortSignal.timeout(probeMs);
  let status: number;
  try {
    const response = await fetch(addonAddress(tfjsNode), {
      method: 'HEAD',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    status = response.status;
  } catch (error) {
    if (signal?.aborted === true) {
      throw new InterruptedError('install-script');
    }
    throw new InstallScriptError('the storage that it downloads from cannot be reached', error);
  }
  if (status !== 200) {
    throw new InstallScriptError(
      `the storage that it downloads from answers with HTTP status ${String(status)}`,
    );
  }
}

/** The copy stands outside node_modules: what the script requires, and the program it calls, is found by these paths. */
function scriptEnvironment(tfjsNode: TfjsNode): NodeJS.ProcessEnv {
  const require = createRequire(join(tfjsNode.directory, 'package.json'));
  const preGyp = dirname(require.resolve('@mapbox/node-pre-gyp/package.json'));
  return {
    NODE_PATH: [
      join(tfjsNode.directory, 'node_modules'),
      ...(require.resolve.paths('rimraf') ?? []),
    ].join(delimiter),
    PATH: [join(preGyp, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(
      delimiter,
    ),
  };
}
