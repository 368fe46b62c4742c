import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createRepository } from './repository.ts';

test('from a bare clone it installs, sets up and trains, with arguments passed on', async () => {
  const { run, calls } = await createRepository();
  const { code, output } = await run(['start', '--seed', '7']);
  expect(code).toBe(0);
  expect(await calls()).toEqual([
    'npm ci',
    'paceline setup',
    'paceline train mnist-mlp --workers 2 --seed 7',
  ]);
  expect(output).toMatch(
    /Installing the packages \(npm ci\) \.\.\.\nInstalled the packages in \d+\.\d s/u,
  );
});

test('the second time it goes straight to training, and says nothing of its own', async () => {
  const { run, calls } = await createRepository();
  await run(['start']);
  await calls();
  const { output } = await run(['start']);
  expect(await calls()).toEqual(['paceline train mnist-mlp --workers 2']);
  expect(output).toBe('');
});

test('`test` runs the gate with its arguments and ends with its exit code', async () => {
  const { run, calls } = await createRepository();
  const { code } = await run(['test', 'unit', '--fail']);
  expect(code).toBe(7);
  expect((await calls()).at(-1)).toBe('gate unit --fail');
});

test('`setup` sets up every time it is asked to, with its arguments', async () => {
  const { run, calls } = await createRepository();
  await run(['setup']);
  await run(['setup', '--backend', 'tensorflow']);
  expect(await calls()).toEqual([
    'npm ci',
    'paceline setup',
    'paceline setup --backend tensorflow',
  ]);
});

test('a changed lock file installs again, a changed script does not', async () => {
  const { run, calls, path } = await createRepository();
  await run(['start']);
  await calls();
  await writeFile(path('package.json'), '{"type":"module","scripts":{"new":"true"}}');
  await run(['start']);
  expect(await calls()).not.toContain('npm ci');
  await writeFile(
    path('package-lock.json'),
    '{"packages":{"node_modules/ws":{"version":"2.0.0"}}}',
  );
  await run(['start']);
  expect(await calls()).toContain('npm ci');
});

test('packages that somebody installed by hand are not installed again', async () => {
  const { run, calls, path } = await createRepository();
  await run(['start']);
  await calls();
  await rm(path('node_modules/.paceline-setup.json'));
  await run(['start']);
  expect(await calls()).toEqual(['paceline setup', 'paceline train mnist-mlp --workers 2']);
});

test('the native addon is set up again when it is gone', async () => {
  const { run, calls, path } = await createRepository();
  await run(['start']);
  await calls();
  await rm(path('node_modules/@tensorflow'), { recursive: true });
  await run(['start']);
  expect(await calls()).toEqual(['paceline setup', 'paceline train mnist-mlp --workers 2']);
});

test('where native TensorFlow cannot be had, that is tried once and then said in one line', async () => {
  const { run, calls } = await createRepository();
  const environment = { FAKE_NATIVE: 'no' };
  expect((await run(['start'], environment)).code).toBe(0);
  await calls();
  const { output } = await run(['start'], environment);
  expect(await calls()).toEqual(['paceline train mnist-mlp --workers 2']);
  expect(output).toMatch(
    /^Without native TensorFlow, on WebAssembly; `npm run setup` tries again/u,
  );
});

test('it is tried again when a tool has appeared', async () => {
  const { run, calls, path } = await createRepository();
  const environment = { FAKE_NATIVE: 'no', PATH: path('bin') };
  await run(['start'], environment);
  await calls();
  await writeFile(path('g++'), '');
  await run(['start'], { ...environment, PATH: path('.') });
  expect(await calls()).toContain('paceline setup');
});

test('when npm fails its words are shown, without how it is used, and nothing is run', async () => {
  const { run, calls } = await createRepository();
  const words =
    'npm error Missing: some@1 from lock file\nnpm error Clean install a project\nnpm error Usage:';
  const { code, output } = await run(['start'], { FAKE_NPM_ERROR: words });
  expect(code).toBe(1);
  expect(output).toContain('Missing: some@1');
  expect(output).not.toContain('Usage');
  expect(output).toContain('npm ci failed');
  expect(await calls()).toEqual(['npm ci']);
});

test('two at once install once', async () => {
  const { run, calls } = await createRepository();
  const both = await Promise.all([run(['test']), run(['test'])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect((await calls()).filter((call) => call === 'npm ci')).toHaveLength(1);
});

test('an unknown command is refused', async () => {
  const { run, calls } = await createRepository();
  expect(await run(['begin'])).toMatchObject({
    code: 2,
    output: expect.stringMatching(/^Usage/u) as string,
  });
  expect(await calls()).toEqual([]);
});

test('a program that a signal ended gives 128 and its number', async () => {
  const { run } = await createRepository();
  expect((await run(['start', '--crash'])).code).toBe(137);
});

function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (child.stdout === null) throw new Error('There is no output.');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

test('Ctrl-C reaches the program once, even if npm sends it a second time; SIGTERM ends it with its code', async () => {
  const { start } = await createRepository();
  const child = start(['start', '--wait']);
  const lines = linesOf(child);
  expect((await lines.next()).value).toBe('waiting');
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect((await lines.next()).value).toBe('interrupted');
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const rest = await lines.next();
  expect(rest.done).toBe(true);
  expect(await closed).toEqual([143, null]);
});
