import { expect, test } from 'vitest';

import { startServer } from '../support/cluster.ts';
import { jobFile, runPaceline } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const small = jobFile('small.job.ts');

const stackTrace = /^\s+at /m;

test.each([
  {
    what: 'an unknown flag',
    args: ['train', small, '--wrokers', '2'],
    message: "error: unknown option '--wrokers'\n(Did you mean --workers?)",
  },
  {
    what: 'a wrong value of a flag',
    args: ['train', small, '--workers', 'two'],
    message:
      "error: option '--workers <N>' argument 'two' is invalid. It must be a whole number >= 1.",
  },
  {
    what: 'an unknown field',
    args: ['train', small, '--set', 'optimizer.learningrate=0.1'],
    message: 'error: optimizer.learningrate: unknown field; did you mean optimizer.learningRate?',
  },
  {
    what: 'a value of the wrong type',
    args: ['train', small, '--set', 'batchSize=many'],
    message: 'error: batchSize: must be a whole number >= 1, got "many"',
  },
  {
    what: 'two wrong fields',
    args: ['train', small, '--set', 'seed=x', '--set', 'batchSize=0'],
    message:
      'error: batchSize: must be a whole number >= 1, got 0\nseed: must be a whole number from 0 to 4294967295, got "x"',
  },
  {
    what: 'a job that does not exist',
    args: ['train', 'mnist-mpl'],
    message: /^error: There is no job "mnist-mpl".*\nDid you mean mnist-mlp\?/,
  },
  {
    what: 'an address that is none',
    args: ['worker', 'somewhere'],
    message: /^error: The worker needs the server's address.*"somewhere" is none/,
  },
  {
    what: 'a folder without weights',
    args: ['evaluate', small, 'nowhere'],
    message: /^error: There are no saved weights in nowhere/,
  },
])('$what is one clear message and code 2, before anything is started', async (wrong) => {
  using scratch = openScratch();
  const { exitCode, errors, output } = await runPaceline(scratch, wrong.args);
  expect(errors.trim()).toEqual(
    typeof wrong.message === 'string' ? wrong.message : expect.stringMatching(wrong.message),
  );
  expect(errors).not.toMatch(stackTrace);
  expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
  expect(scratch.leftovers()).toEqual([]);
});

test.each([
  {
    what: 'a data set that is missing',
    args: ['mnist-mlp', '--set', 'data.path=nowhere'],
    message: /MNIST is not in .*nowhere: there is no train-images-idx3-ubyte/,
    code: 2,
  },
  {
    what: 'a metric that is not there',
    args: [small, '--set', 'until={"epochs":2,"earlyStopping":{"metric":"acc"}}'],
    message: /until\.earlyStopping: there is no metric "acc"; there is loss, accuracy/,
    code: 3,
  },
  {
    what: 'a schedule that does not fit the run',
    args: [small, '--set', 'schedule={"type":"cosine","warmupSteps":900}'],
    message: /schedule: "cosine" takes as long as the run, but its 12 steps are all warm-up/,
    code: 3,
  },
  {
    what: 'a model whose gradient the backend has not',
    args: [jobFile('no-gradient.job.ts')],
    message: /Layer "morph" uses Dilation2D, which the wasm backend computes wrongly/,
    code: 2,
  },
  {
    what: 'a loss that is not finite',
    args: [small, '--set', 'optimizer.learningRate=1e38'],
    message: /step \d+: .* is not finite.*learning rate/,
    code: 3,
  },
])('$what ends the run with code $code and the reason', async ({ args, message, code }) => {
  using scratch = openScratch();
  const flags = ['--backend', 'wasm', '--json', '--out', 'run'];
  const { exitCode, errors } = await runPaceline(scratch, ['train', ...args, ...flags]);
  expect(errors).toMatch(message);
  expect(errors).not.toMatch(stackTrace);
  expect(exitCode).toBe(code);
  expect(scratch.leftovers()).toEqual([]);
});

test('a port in use is named, with code 2', async () => {
  using scratch = openScratch();
  const { server, url } = await startServer(scratch, { job: small });
  const { host } = new URL(url);
  const { exitCode, errors } = await runPaceline(scratch, ['server', small, '--listen', host]);
  expect(errors).toContain(host);
  expect(errors).toContain(`process ${server.pid}`);
  expect(errors).not.toMatch(stackTrace);
  expect(exitCode).toBe(2);
  server.kill('SIGTERM');
  expect(await server.exit()).toBe(143);
  expect(scratch.leftovers()).toEqual([]);
});

test('a server that cannot be reached is named after the time that was given, with code 4', async () => {
  using scratch = openScratch();
  const url = 'ws://127.0.0.1:9';
  const args = ['worker', url, '--connect-timeout', '700ms', '--log-level', 'error'];
  const { exitCode, errors } = await runPaceline(scratch, args);
  expect(errors.trim()).toMatch(
    /^error: gave up after .* \(--connect-timeout\): ws:\/\/127.0.0.1:9/,
  );
  expect(errors).not.toMatch(stackTrace);
  expect(exitCode).toBe(4);
  expect(scratch.leftovers()).toEqual([]);
});
