import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('hears the first signal, then Ctrl-C alone, and lets go when it is told to', async () => {
  const child = fork(join(import.meta.dirname, './support/tell-signals.ts'));
  const next = async (): Promise<unknown> => ((await once(child, 'message')) as unknown[])[0];
  expect(await next()).toBe('ready');
  child.kill('SIGTERM');
  expect(await next()).toBe('SIGTERM asks');
  child.kill('SIGTERM'); // of which nothing is told
  child.kill('SIGINT');
  expect(await next()).toBe('SIGINT insists');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});
