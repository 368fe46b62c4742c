import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { addonPlace } from './cache.ts';
import { run } from './run.ts';

/** An installed `@tensorflow/tfjs-node`. */
export interface TfjsNode {
  /** Its folder, symbolic links resolved. */
  readonly directory: string;
  readonly version: string;
  /** Where its addon is, or would be. */
  readonly addonPath: string;
}

/** A program and the arguments that come before all others. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Names under which pip is looked for, in this order; with `-m` it is sure to belong to that Python. */
export const pipCommands: readonly Command[] = [
  { program: 'python3', args: ['-m', 'pip'] },
  { program: 'python', args: ['-m', 'pip'] },
  { program: 'pip3', args: [] },
  { program: 'pip', args: [] },
];

/** Names under which a C++ compiler is looked for, after the one that CXX names. */
export const compilerNames: readonly string[] = ['g++', 'clang++', 'c++'];

/**
 * The tfjs-node that code in this package's place, or in the project's folder, would load. Blocks for well under a
 * millisecond.
 */
export function findTfjsNode(project: string = process.cwd()): TfjsNode | undefined {
  const manifest = resolvePackage('@tensorflow/tfjs-node', project) ?? besideTfjs(project);
  if (manifest === undefined) {
    return undefined;
  }
  const directory = dirname(realpathSync(manifest));
  return { directory, version: readVersion(manifest), addonPath: join(directory, addonPlace) };
}

/** The project's tfjs, whose engine and registries tfjs-node must share. */
export function findTfjs(
  project: string = process.cwd(),
): { readonly directory: string; readonly version: string } | undefined {
  const manifest = resolvePackage('@tensorflow/tfjs', project);
  return manifest === undefined
    ? undefined
    : { directory: dirname(realpathSync(manifest)), version: readVersion(manifest) };
}

/** The first pip that answers. Starts Python, so it takes a moment. */
export async function findPip(signal?: AbortSignal): Promise<Command | undefined> {
  for (const command of pipCommands) {
    if (findProgram(command.program) !== undefined) {
      const { code } = await run(command.program, [...command.args, '--version'], {
        signal,
        timeoutMs: 30_000,
      });
      if (code === 0) {
        return command;
      }
    }
  }
  return undefined;
}

/** The first C++ compiler that answers. */
export async function findCompiler(
  signal?: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  if (process.platform === 'darwin' && !(await hasMacTools(signal))) {
    return undefined;
  }
  for (const name of [environment['CXX'], ...compilerNames]) {
    if (name !== undefined && name !== '' && findProgram(name, environment) !== undefined) {
      const { code } = await run(name, ['--version'], { signal, timeoutMs: 30_000 });
      if (code === 0) {
        return name;
      }
    }
  }
  return undefined;
}

/** The path of a program that PATH leads to, or undefined. */
function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (name.includes('/')) {
    return isFile(name) ? name : undefined;
  }
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isFile);
}

/** On macOS the compilers in /usr/bin are stubs that open a window unless the command line tools are installed. */
async function hasMacTools(signal: AbortSignal | undefined): Promise<boolean> {
  return (await run('xcode-select', ['-p'], { signal, timeoutMs: 10_000 })).code === 0;
}

/** From this package first: beside it lies the `training` package, and what that one loads is what matters. */
function resolvePackage(name: string, project: string): string | undefined {
  for (const from of [import.meta.url, join(project, 'package.json')]) {
    for (const folder of createRequire(from).resolve.paths(name) ?? []) {
      const manifest = join(folder, name, 'package.json');
      if (existsSync(manifest)) {
        return manifest;
      }
    }
  }
  return undefined;
}

/** Where `bring.ts` puts it: beside tfjs, which in some projects (pnpm) is not on the project's own path. */
function besideTfjs(project: string): string | undefined {
  const tfjs = findTfjs(project);
  const manifest =
    tfjs === undefined ? undefined : join(dirname(tfjs.directory), 'tfjs-node', 'package.json');
  return manifest !== undefined && existsSync(manifest) ? manifest : undefined;
}

function readVersion(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
