import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cpuBackend } from './support/backend.ts';
import { digestsOf, randomJob } from './support/dropout-leaf.ts';
import { leafOf } from './support/jobs.ts';

describe('a leaf with dropout, noise and batch statistics', () => {
  it('has the same bits in another process', async () => {
    const job = await randomJob();
    const program = fileURLToPath(new URL('./support/dropout-leaf.ts', import.meta.url));
    const argv = ['--conditions=paceline-source', program];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 30_000 });
    expect(JSON.parse(stdout)).toEqual(digestsOf(job));
    job.dispose();
  }, 40_000);

  it('does not depend on what was computed before it, in whatever order', async () => {
    const job = await randomJob();
    const before = digestsOf(job);
    leafOf(job, { step: 9, indices: Uint32Array.of(7, 1, 1) });
    Math.random();
    expect(digestsOf(job)).toEqual(before);
    job.dispose();
  });

  it('leaves no tensor behind, step after step', async () => {
    const { tf } = await cpuBackend();
    const job = await randomJob();
    const initial = job.initialParameters();
    const step = (number: number): void => {
      job.setParameters(initial);
      leafOf(job, { step: number });
    };
    step(0);
    const before = tf.memory().numTensors;
    for (let number = 1; number <= 200; number += 1) step(number);
    expect(tf.memory().numTensors).toBe(before);
    job.dispose();
  }, 60_000);
});
