import { expect, test } from 'vitest';

import { freePort, startServer, startWorker } from '../support/cluster.ts';
import { writeDigits } from '../support/digits.ts';
import { signalAt } from '../support/faults.ts';
import { bitsOf, finished, runPaceline, startPaceline, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = 'mnist-mlp';
const backend = 'wasm';

function settings(scratch: Scratch, steps: number): readonly string[] {
  const digits = writeDigits(`${scratch.path}/digits`);
  const length = ['until.epochs=1000', `until.steps=${steps}`, 'checkpoint.everySteps=20'];
  return [`data.path=${digits}`, 'batchSize=48', ...length];
}

test('a server that is killed three times and started again on its port ends with the same bits; its workers never left', async () => {
  using scratch = openScratch();
  const set = settings(scratch, 100);
  const listen = `127.0.0.1:${await freePort()}`;
  const start = (): ReturnType<typeof startServer> =>
    startServer(scratch, { job, backend, set, listen, flags: ['--every', '1'] });
  let cluster = await start();
  const workers = ['a', 'b'].map((name) => startWorker(scratch, cluster.url, { name }));
  for (const step of [7, 33, 71]) {
    await signalAt(cluster.server, step, { name: 'server', signal: 'SIGKILL' });
    await cluster.server.exit();
    cluster = await start();
  }
  const killed = await finished(cluster.server);
  for (const worker of workers) expect(await worker.exit()).toBe(0);
  const begun = killed.events.find((event) => event.type === 'start');
  expect(begun?.resumedAt).toBeGreaterThanOrEqual(60);
  const steady = await train(scratch, job, { workers: 1, backend, set });
  expect(bitsOf(killed)).toEqual(bitsOf(steady));
  expect(scratch.leftovers()).toEqual([]);
});

test('an interrupted run is resumed with another number of workers, and longer: the bits of one long run', async () => {
  using scratch = openScratch();
  const set = settings(scratch, 60);
  const out = `${scratch.path}/resumed`;
  const trainInto = (more: readonly string[], last = set): ReturnType<typeof startPaceline> =>
    startPaceline(scratch, [
      ...['train', job, '--json', '--every', '1', '--backend', backend],
      ...last.flatMap((setting) => ['--set', setting]),
      ...more,
    ]);
  const first = trainInto(['--workers', '1', '--out', out]);
  await first.event('step', ({ step }) => step >= 30);
  first.kill('SIGINT');
  expect(await first.exit()).toBe(130);
  const longer = [...set, 'until.steps=90'];
  const second = await finished({
    ...trainInto(['--workers', '3', '--resume', out], longer),
    out,
  });
  expect(second.events.find((event) => event.type === 'start')?.resumedAt).toBeGreaterThan(29);
  const steady = await train(scratch, job, { workers: 2, backend, set: longer });
  expect(bitsOf(second)).toEqual(bitsOf(steady));

  const other = ['--resume', out, '--set', 'optimizer.learningRate=0.5'];
  const args = ['train', job, '--backend', backend, ...set.flatMap((each) => ['--set', each])];
  const refused = await runPaceline(scratch, [...args, ...other]);
  expect(refused.exitCode).toBe(2);
  expect(refused.errors).toMatch(/optimizer\.learningRate was 0\.\d+, now it is 0\.5/);
  expect(scratch.leftovers()).toEqual([]);
});
