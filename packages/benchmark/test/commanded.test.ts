import { expect, test } from 'vitest';

import { createCommandedContestant } from '../src/contestants/commanded-contestant.ts';
import { startCommanded } from '../src/contestants/commanded-process.ts';

/** Says that it is ready, and answers each number of steps with a tenth of a second a step. */
const peer = `
  console.log('words of a library');
  console.log(JSON.stringify({ ready: true }));
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', (line) => console.log(JSON.stringify({ seconds: Number(line) / 10 })));
`;

const start = (script: string) => startCommanded(process.execPath, ['-e', script], process.env);

test('a peer trains for as many steps as it is told, and says how long it took', async () => {
  const child = start(peer);
  expect(await child.ask('')).toEqual({ ready: true });
  const pids = { peer: child.pid };
  await using contestant = createCommandedContestant({
    name: 'peer',
    process: child,
    pids,
    blockSteps: 20,
  });
  const { steps, msPerStep } = await contestant.block();
  expect(steps).toBe(20);
  expect(msPerStep).toBe(100);
});

test('a peer that dies is an error with its last words, also for who asks later', async () => {
  await using child = start('console.error("no such module"); process.exit(3)');
  await expect(child.ask('')).rejects.toThrow(/ended with 3\nno such module/);
  await expect(child.ask('5')).rejects.toThrow(/ended with 3/);
});

test('a program that is not there is an error', async () => {
  await using child = startCommanded('/nowhere/python3', [], process.env);
  await expect(child.ask('')).rejects.toThrow(/ENOENT/);
});
