import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { runCli } from './support/run-cli.ts';

describe('what is wrong on the command line', () => {
  it.each([
    ['a command', ['trian', 'mnist-mlp'], "unknown command 'trian'\n(Did you mean train?)"],
    ['a flag', ['train', 'mnist-mlp', '--wrokers=2'], 'Did you mean --workers?'],
    ['a value of a flag', ['train', 'mnist-mlp', '--workers=many'], 'a whole number >= 1'],
    ['a time without a unit', ['worker', 'ws://h:1', '--connect-timeout=60'], 'with a unit'],
    ['more servers than can be', ['train', 'mnist-mlp', '--servers=2'], 'not built yet'],
    ['a missing job', ['train'], "missing required argument 'JOB'"],
    ['the name of a job', ['train', 'mnist-mpl'], 'Did you mean mnist-mlp?'],
    [
      'a field',
      ['server', 'mnist-mlp', '--set=optimizer.learningrate=1'],
      'did you mean optimizer.learningRate?',
    ],
    ['a type', ['train', 'mnist-mlp', '--set=batchSize=many'], 'batchSize: must be a whole number'],
    ['an address', ['worker', 'trainer:7070'], 'ws://HOST:PORT'],
    ['workers that are too few', ['train', 'mnist-mlp', '--workers=0'], 'a whole number >= 1'],
    ['a start that never comes', ['train', 'mnist-mlp', '--min-workers=3'], 'would never begin'],
    ['a run to resume', ['train', 'mnist-mlp', '--resume=/no/run'], 'there is nothing to resume'],
    ['a scale without a number', ['scale', 'ws://h:1'], "'--workers <N>' not specified"],
    ['an address to ask', ['status', 'ftp://x'], 'no address of a server'],
    [
      'what is advertised',
      ['server', 'mnist-mlp', '--advertise=[::]'],
      '[::]: others reach a server at',
    ],
    [
      'a Unix socket',
      ['server', 'mnist-mlp', '--listen=unix:/tmp/pl.sock', '--advertise=h'],
      'reached at its path',
    ],
    [
      'flags of a network',
      ['train', 'mnist-mlp', '--tls-cert=c.pem'],
      '--tls-cert: without --listen',
    ],
    [
      'a schedule of a run without an end',
      ['schedule', 'mnist-mlp', '--set=until={"seconds":9}'],
      'Give a length: --steps N',
    ],
    ['a time to stay', ['server', 'mnist-mlp', '--linger=ever'], 'with a unit'],
  ])('%s: one clear message, and exit code 2', (_, args, message) => {
    const { code, stdout, stderr } = runCli(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('the help', () => {
  it('of the program names commands, built-in jobs and exit codes', () => {
    const { code, stdout } = runCli('--help');
    expect(code).toBe(0);
    for (const word of ['train', 'worker', 'doctor', 'mnist-cnn', '130 after Ctrl-C']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    ...['train', 'evaluate', 'server', 'worker', 'setup', 'doctor'],
    ...['status', 'pause', 'resume', 'checkpoint', 'scale', 'stop'],
    ...['inspect', 'verify', 'export'],
  ])('of %s has examples', (name) => {
    const { code, stdout } = runCli(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`$ paceline ${name}`);
  });
});

describe('paceline', () => {
  it('says its version', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { readonly version: string };
    expect(runCli('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends with 4 when there is no server to ask', () => {
    const { code, stderr } = runCli('resume', 'ws+unix:///no/such/server.sock:/');
    expect(stderr).toMatch(/^error: No server at ws\+unix:\/\/\/no\/such\/server\.sock:\/: /);
    expect(code).toBe(4);
  });

  it('has no set-up to do for backends that come with npm', () => {
    expect(runCli('setup', '--backend=wasm')).toMatchObject({ code: 0 });
  });
});
