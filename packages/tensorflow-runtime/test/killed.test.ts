import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createTfjsNode } from './support/fake-workshop.ts';
import { temporaryFolder } from './support/folder.ts';

const program = join(import.meta.dirname, 'support', 'slow-set-up.ts');

/** Set-ups in processes of their own, on the same project and cache. */
async function openStage() {
  const folder = await temporaryFolder();
  const [project, cache] = [join(folder, 'project'), join(folder, 'cache')];
  await createTfjsNode(project);
  const start = () => {
    const child = spawn(process.execPath, [program, project, cache], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const says = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`It ended without saying ${String(pattern)}`);
        if (pattern.test(value)) return value;
      }
    };
    const goOn = () => void child.stdin.write('\n');
    const kill = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { says, goOn, kill };
  };
  const halfMade = async () => (await readdir(cache)).filter((name) => /^making-|lock/u.test(name));
  return { start, halfMade };
}

test('a set-up killed in the middle leaves a lock and half a folder; the next one clears both and succeeds', async () => {
  const { start, halfMade } = await openStage();
  const first = start();
  await first.says(/building/u);
  await first.kill();
  expect(await halfMade()).toHaveLength(2);
  const second = start();
  await second.says(/building/u);
  expect((await halfMade()).filter((name) => name.startsWith('making-'))).toHaveLength(1);
  second.goOn();
  expect(await second.says(/^done/u)).toBe('done built');
  expect(await halfMade()).toEqual([]);
});

test('a second set-up waits for the first and links what it made', async () => {
  const { start } = await openStage();
  const first = start();
  await first.says(/building/u);
  const second = start();
  await second.says(/Another set-up \(process \d+\) is at work: waiting for it/u);
  first.goOn();
  expect(await first.says(/^done/u)).toBe('done built');
  expect(await second.says(/^done/u)).toBe('done present');
});

test('when the first is killed while the second waits, the second takes over', async () => {
  const { start, halfMade } = await openStage();
  const first = start();
  await first.says(/building/u);
  const second = start();
  await second.says(/waiting for it/u);
  await first.kill();
  await second.says(/building/u);
  second.goOn();
  expect(await second.says(/^done/u)).toBe('done built');
  expect(await halfMade()).toEqual([]);
});
