import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile, cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InterruptedError, TfjsNodeAbsentError, UnwritableError } from './errors.ts';
import type { Command } from './find.ts';
import { lastLines, run } from './run.ts';

/** What to bring and where to. */
export interface BringOptions {
  /** The tfjs that the project uses. */
  readonly tfjs: { readonly directory: string; readonly version: string };
  /** An empty folder on the cache's disk. */
  readonly workDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Installs tfjs-node into a project that lacks it: an npm before 11 runs its install script, and drops the optional
 * dependency when that fails.
 *
 * There must be only one copy of tfjs-core (two would be two engines with two kernel registries). So npm installs
 * tfjs-node in a folder of ours where an override puts an empty package in tfjs's place; then tfjs-node, with its
 * other dependencies nested below it, moves beside the project's own tfjs, where its `require('@tensorflow/tfjs')`
 * finds that one. The project's package.json, lock file and other packages are not touched, so a later `npm ci` takes
 * it away again, and `paceline setup` brings it again.
 */
export async function bringTfjsNode(options: BringOptions): Promise<void> {
  const { tfjs, workDirectory, signal } = options;
  const prefix = join(workDirectory, 'npm');
  await writeManifests(prefix, tfjs.version);
  const npm = npmCommand();
  const result = await run(
    npm.program,
    [
      ...npm.args,
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--omit=dev',
      '--loglevel=error',
    ],
    {
      cwd: prefix,
      signal,
      timeoutMs: 300_000,
      env: { npm_config_global: 'false', npm_config_workspaces: 'false' },
    },
  );
  if (result.problem === 'aborted') {
    throw new InterruptedError('bring');
  }
  if (result.code !== 0) {
    throw new TfjsNodeAbsentError(`npm could not bring it: ${lastLines(result.output, 6)}`);
  }
  await place(join(prefix, 'node_modules'), join(dirname(tfjs.directory), 'tfjs-node'));
}

async function writeManifests(prefix: string, version: string): Promise<void> {
  const stub = join(prefix, 'empty-tfjs');
  await mkdir(stub, { recursive: true });
  await writeFile(
    join(stub, 'package.json'),
    JSON.stringify({ name: '@tensorflow/tfjs', version }),
  );
  const manifest = {
    name: 'paceline-tfjs-node',
    private: true,
    dependencies: { '@tensorflow/tfjs-node': version },
    overrides: { '@tensorflow/tfjs': 'file:./empty-tfjs' },
  };
  await writeFile(join(prefix, 'package.json'), JSON.stringify(manifest));
}

/** npm itself says where it is when it runs us; else the one on PATH. */
function npmCommand(): Command {
  const path = process.env['npm_execpath'];
  return path?.endsWith('npm-cli.js') === true && existsSync(path)
    ? { program: process.execPath, args: [path] }
    : { program: 'npm', args: [] };
}

async function place(modules: string, target: string): Promise<void> {
  const source = join(modules, '@tensorflow', 'tfjs-node');
  const nested = join(source, 'node_modules');
  await mkdir(nested, { recursive: true });
  for (const name of await readdir(modules)) {
    if (!name.startsWith('.') && name !== '@tensorflow' && !existsSync(join(nested, name))) {
      await rename(join(modules, name), join(nested, name));
    }
  }
  const draft = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    // Maybe on another disk, hence a copy under another name first.
    await cp(source, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new UnwritableError('bring', dirname(target), error);
  }
}
