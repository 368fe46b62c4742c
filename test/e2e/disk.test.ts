import { expect } from 'vitest';

import { writeDigits } from '../support/digits.ts';
import { startServer, startWorker } from '../support/cluster.ts';
import { bitsOf, finished, runPaceline, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import { mountTmpfs, testWithTmpfs } from '../support/tmpfs.ts';

/** Two checkpoints of the model (0.4 MB each) fit, a third does not. */
const diskBytes = 1_000_000;

testWithTmpfs(
  'a disk that is full costs checkpoints, never the run, and what was written stays whole',
  async () => {
    using scratch = openScratch();
    const folder = `${scratch.path}/disk`;
    using _disk = mountTmpfs(folder, diskBytes);
    const digits = writeDigits(`${scratch.path}/digits`);
    const job = 'mnist-mlp';
    const set = [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', 'until.steps=60'];
    const often = [...set, 'checkpoint.everySteps=10'];
    const backend = 'wasm';
    const flags = ['--checkpoints', folder];
    const { server, url } = await startServer(scratch, { job, backend, set: often, flags });
    const worker = startWorker(scratch, url, { name: 'w' });
    const full = await finished(server);
    expect(await worker.exit()).toBe(0);
    const faults = full.events.filter((event) => event.type === 'fault');
    expect(faults.length).toBeGreaterThan(2);
    expect(faults[0]).toMatchObject({
      kind: 'disk',
      detail: expect.stringMatching(
        /checkpoint of step \d+ was not written: .*(full|space)/,
      ) as string,
    });
    const written = full.events.filter((event) => event.type === 'checkpoint');
    expect(written.length).toBeGreaterThan(0);
    const verified = await runPaceline(scratch, ['verify', folder]);
    expect([verified.exitCode, verified.errors]).toEqual([0, '']);
    const steady = await train(scratch, job, { workers: 1, backend, set });
    expect(bitsOf(full)).toEqual(bitsOf(steady));
    expect(scratch.leftovers()).toEqual([]);
  },
);
