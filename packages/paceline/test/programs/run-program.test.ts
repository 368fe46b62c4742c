import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { PacelineError } from '../../src/errors.ts';
import { addFlags, withEnvironment } from '../../src/programs/add-flags.ts';
import { flags } from '../../src/programs/flags.ts';
import { describeError, runProgram } from '../../src/programs/run-program.ts';

let written: string;
beforeEach(() => {
  written = '';
  const take = (text: string | Uint8Array): boolean => {
    written += String(text);
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
});
afterEach(() => {
  process.exitCode = undefined;
});

function commandThat(run: (options: Record<string, unknown>) => void): Command {
  const work = addFlags(
    new Command('work'),
    withEnvironment([flags.workers, flags.listen, flags.connectTimeout]),
  );
  return new Command('test').addCommand(
    work.action((options: Record<string, unknown>) => {
      run(options);
    }),
  );
}

function throwing(error: Error): Command {
  return commandThat(() => {
    throw error;
  });
}

describe('a program', () => {
  it('passes parsed flags, defaults and environment variables to its command', async () => {
    vi.stubEnv('PACELINE_LISTEN', '0.0.0.0:1');
    vi.stubEnv('PACELINE_CONNECT_TIMEOUT', '2m');
    let seen: unknown;
    const command = commandThat((options) => {
      seen = options;
    });
    expect(await runProgram(command, ['work', '--workers', '3'])).toBe(0);
    expect(seen).toEqual({ workers: 3, listen: '0.0.0.0:1', connectTimeout: 120_000 });
    vi.unstubAllEnvs();
  });

  it('prefers a flag to the environment', async () => {
    vi.stubEnv('PACELINE_LISTEN', '0.0.0.0:1');
    let listen: unknown;
    const command = commandThat((options) => {
      listen = options['listen'];
    });
    await runProgram(command, ['work', '--listen', '[::1]:0']);
    expect(listen).toBe('[::1]:0');
    vi.unstubAllEnvs();
  });

  it('ends with 0 after --help, and with 2 and the nearest name after a wrong flag', async () => {
    expect(await runProgram(commandThat(vi.fn()), ['work', '--help'])).toBe(0);
    expect(await runProgram(commandThat(vi.fn()), ['work', '--wrokers=2'])).toBe(2);
    expect(written).toContain('Did you mean --workers?');
    expect(await runProgram(commandThat(vi.fn()), ['work', '--workers=0'])).toBe(2);
    expect(await runProgram(commandThat(vi.fn()), ['wrk'])).toBe(2);
    expect(written).toContain('Did you mean work?');
  });

  it('says what the user can mend in one message and ends with 2', async () => {
    const error = new PacelineError('job-not-found', 'There is no such job.');
    expect(await runProgram(throwing(error), ['work'])).toBe(2);
    expect(written).toBe('error: There is no such job.\n');
  });

  it('ends with 4 when the server was not reached', async () => {
    const error = Object.assign(new Error('No server.'), { code: 'server-unreachable' });
    expect(await runProgram(throwing(error), ['work'])).toBe(4);
  });

  it('shows the stack of an error that nobody foresaw, and ends with 3', async () => {
    expect(await runProgram(throwing(new TypeError('x is undefined')), ['work'])).toBe(3);
    expect(written).toMatch(/^TypeError: x is undefined\n {4}at /);
    const ofNode = Object.assign(new Error('open'), { code: 'ENOENT' });
    expect(describeError(ofNode)).toContain('\n    at ');
  });
});
