import { expect, test } from 'vitest';

import { freePort, startServer, startWorker } from '../support/cluster.ts';
import { signalAt } from '../support/faults.ts';
import { bitsOf, finished, jobFile, runPaceline, train } from '../support/paceline.ts';
import type { FinishedRun } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const job = jobFile('small.job.ts');
const backend = 'wasm';

function stepsOf({ events }: FinishedRun): readonly { epoch: number; learningRate: number }[] {
  return events.flatMap((event) => (event.type === 'step' ? [event] : []));
}

async function runWith(
  scratch: Scratch,
  workers: number,
  set: readonly string[],
  from = job,
): Promise<FinishedRun> {
  return train(scratch, from, { workers, backend, set, flags: ['--every', '1'] });
}

test('a batch schedule changes batches at the beginning of epochs, with the same bits for 1, 2 and 3 workers and after a killed server', async () => {
  using scratch = openScratch();
  const phases = [
    { fromEpoch: 2, batchSize: 22, microbatches: 7 },
    { fromEpoch: 4, batchSize: 5, microbatches: 1 },
  ];
  const set = [`batchSchedule=${JSON.stringify(phases)}`, 'until.epochs=6'];
  const one = await runWith(scratch, 1, set);
  // 22 examples in batches of 8, of 22, of 5.
  expect(stepsOf(one).map(({ epoch }) => epoch)).toEqual([
    0, 0, 0, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5,
  ]);
  expect(one.evaluations.map(({ step }) => step)).toEqual([3, 6, 7, 8, 13, 18]);
  for (const workers of [2, 3]) {
    expect(bitsOf(await runWith(scratch, workers, set))).toEqual(bitsOf(one));
  }

  const listen = `127.0.0.1:${await freePort()}`;
  const start = (): ReturnType<typeof startServer> =>
    startServer(scratch, {
      ...{ job, backend, listen, flags: ['--every', '1'] },
      set: [...set, 'checkpoint.everySteps=1'],
    });
  let cluster = await start();
  for (const name of ['a', 'b']) startWorker(scratch, cluster.url, { name, flags: ['--job', job] });
  await signalAt(cluster.server, 7, { name: 'server', signal: 'SIGKILL' });
  await cluster.server.exit();
  cluster = await start();
  expect(bitsOf(await finished(cluster.server))).toEqual(bitsOf(one));
});

test('a function of the step is the schedule; it is called on the server, and one that gives no number ends the run', async () => {
  using scratch = openScratch();
  const scheduled = jobFile('scheduled.job.ts');
  const one = await runWith(scratch, 1, [], scheduled);
  expect(stepsOf(one).map(({ learningRate }) => learningRate)).toEqual(
    Array.from({ length: 12 }, (_, step) => 0.1 * (step < 6 ? 1 : 0.5)),
  );
  expect(bitsOf(await runWith(scratch, 3, [], scheduled))).toEqual(bitsOf(one));
  const { output } = await runPaceline(scratch, ['schedule', scheduled]);
  expect(output).toContain('function');

  const args = ['train', scheduled, '--workers', '1', '--backend', backend, '--json'];
  const failed = await runPaceline(scratch, [...args, '--set', 'until={"steps":400}']);
  expect(failed.exitCode).toBe(3);
  expect(failed.output).toContain('schedule: the function gave NaN for step 300');
});

test('a run ends when the norm of its gradient has converged or is small enough, at the same step for 1 and 3 workers', async () => {
  using scratch = openScratch();
  const converged = { of: 'gradientNorm', tolerance: 0.05, windowSteps: 8 };
  const target = { metric: 'gradientNorm', atMost: 0.5 };
  for (const [by, rule] of Object.entries({ converged, target })) {
    const set = [`until=${JSON.stringify({ epochs: 400, [by]: rule })}`];
    const one = await runWith(scratch, 1, [...set, 'bucketBytes=60']);
    const three = await runWith(scratch, 3, [...set, 'bucketBytes=132', 'checkpoint.everySteps=2']);
    const { endedBy, steps } = one.end;
    expect(endedBy).toBe(by);
    expect(three.end).toMatchObject({ endedBy, steps });
    expect(bitsOf(three)).toEqual(bitsOf(one));
    expect(normsOf(three)).toEqual(normsOf(one));
    if (by === 'target') expect(normsOf(one).findIndex((norm) => norm <= 0.5)).toBe(steps - 1);
  }
});

function normsOf({ events }: FinishedRun): readonly number[] {
  return events.flatMap((event) =>
    event.type === 'step' ? [event.metrics['gradientNorm'] ?? NaN] : [],
  );
}
