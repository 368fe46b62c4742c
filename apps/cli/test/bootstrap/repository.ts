import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const bootstrap = join(import.meta.dirname, '..', '..', 'bootstrap');

/** Stands for npm: keeps its arguments, and installs by writing npm's own record, or fails as told. */
const fakeNpm = `
const fs = require('node:fs');
fs.appendFileSync('log', 'npm ' + process.argv.slice(2, 3) + '\\n');
if (process.env.FAKE_NPM_ERROR) {
  console.error(process.env.FAKE_NPM_ERROR);
  process.exit(1);
}
fs.mkdirSync('node_modules', { recursive: true });
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

/** Stands for the command \`paceline\` and for the test gate: keeps its arguments and does as told. */
const fakeProgram = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
appendFileSync('log', NAME + ' ' + args.join(' ') + '\\n');
const place = 'node_modules/@tensorflow/tfjs-node/lib/napi-v8';
if (args[0] === 'setup' && process.env.FAKE_NATIVE !== 'no') {
  mkdirSync(place, { recursive: true });
  writeFileSync(place + '/tfjs_binding.node', 'addon');
}
if (args.includes('--wait')) {
  process.on('SIGINT', () => process.stdout.write('interrupted\\n'));
  process.on('SIGTERM', () => process.exit(143));
  setInterval(() => {}, 1000);
  process.stdout.write('waiting\\n');
}
if (args.includes('--fail')) process.exitCode = 7;
if (args.includes('--crash')) process.kill(process.pid, 'SIGKILL');
`;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Repository {
  /** Runs the bootstrap to its end. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
  start(args: readonly string[]): ChildProcess;
  /** What the stand-ins were called with, in order; reading empties it. */
  calls(): Promise<readonly string[]>;
  path(name: string): string;
}

/** A bare clone with this bootstrap, in which npm, the command line and the test gate are stand-ins. */
export async function createRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-bootstrap-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  const write = async (name: string, content: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
  };
  await cp(bootstrap, path('apps/cli/bootstrap'), { recursive: true });
  await write('apps/cli/src/main.ts', fakeProgram.replace('NAME', '"paceline"'));
  await write('test/run.js', fakeProgram.replace('NAME', '"gate"'));
  await write('package.json', '{"type":"module"}');
  await write('packages/one/package.json', '{}');
  const lock = { packages: { '': {}, 'node_modules/ws': { version: '1.0.0' } } };
  await write('package-lock.json', JSON.stringify(lock));
  await write('npm/npm-cli.js', fakeNpm);
  await write('npm/package.json', '{"type":"commonjs"}');
  const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [path('apps/cli/bootstrap/run.js'), ...args], {
      cwd: folder,
      env: { ...process.env, npm_execpath: path('npm/npm-cli.js'), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  return {
    path,
    start,
    async run(args, environment) {
      const child = start(args, environment);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output };
    },
    async calls() {
      const text = await readFile(path('log'), 'utf8').catch(() => '');
      await rm(path('log'), { force: true });
      return text.split('\n').filter((line) => line !== '');
    },
  };
}
