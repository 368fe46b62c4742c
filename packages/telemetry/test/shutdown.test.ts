import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('counts shutdown signals of both kinds, and lets go when it is told to', async () => {
  const child = fork(join(import.meta.dirname, './support/count-signals.ts'));
  const next = async (): Promise<unknown> => ((await once(child, 'message')) as unknown[])[0];
  expect(await next()).toBe('ready');
  const said: unknown[] = [];
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) {
    child.kill(signal);
    said.push(await next());
  }
  expect(said).toEqual(['SIGTERM 1', 'SIGINT 2', 'SIGTERM 3']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});
