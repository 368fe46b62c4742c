import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openDiskStorage } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import { systemClock } from '@paceline/telemetry';
import { expect, test } from 'vitest';

import { runPaceline } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

/** Checkpoints of steps 1, 2 and 3, of which the last is damaged. */
async function writeRun(scratch: Scratch): Promise<string> {
  const folder = join(scratch.path, 'run', 'checkpoints');
  const storage = openDiskStorage(folder, { clock: systemClock(), keep: 3 });
  for (const step of [1, 2, 3]) await storage.write(createSampleImage({ step }));
  await storage.close();
  writeFileSync(join(folder, 'step-3', 'section-schedule.json'), '{}');
  return join(scratch.path, 'run');
}

test('paceline verify ends with 3 when a checkpoint is damaged, with 0 when all are whole, with 2 without any', async () => {
  using scratch = openScratch();
  const run = await writeRun(scratch);
  const bad = await runPaceline(scratch, ['verify', run]);
  expect(bad.output.split('\n').map((line) => line.split(' ')[0])).toEqual([
    ...['valid', 'valid', 'damaged'],
  ]);
  expect(bad.exitCode).toBe(3);
  const good = await runPaceline(scratch, ['verify', `${run}/checkpoints/step-2`, '--json']);
  expect(JSON.parse(good.output)).toMatchObject({ isValid: true, step: 2 });
  expect(good.exitCode).toBe(0);
  const none = await runPaceline(scratch, ['verify', scratch.path]);
  expect(none.errors).toMatch(/^error: There are no checkpoints in /);
  expect(none.exitCode).toBe(2);
});

test('paceline inspect shows the newest whole checkpoint, for people and for programs', async () => {
  using scratch = openScratch();
  const run = await writeRun(scratch);
  const { output } = await runPaceline(scratch, ['inspect', run]);
  expect(output).toContain('step-3  damaged: section-schedule.json has 2 bytes instead of ');
  expect(output).toContain('tensors: 4, with 8 values');
  const { output: json } = await runPaceline(scratch, ['inspect', run, '--json']);
  expect(JSON.parse(json)).toMatchObject({
    checkpoints: [{ step: 1 }, { step: 2 }, { isValid: false }],
    newest: { facts: { step: 2, settings: { name: 'sample' } }, slots: { momentum: 20 } },
  });
});

test('paceline export writes the newest whole checkpoint where it is told to, and nowhere else', async () => {
  using scratch = openScratch();
  const run = await writeRun(scratch);
  const args = ['export', run, '--to', 'tfjs'];
  const { output, exitCode } = await runPaceline(scratch, args);
  expect(output).toBe(`${run}/checkpoints/step-2 was written to step-2-tfjs`);
  expect(exitCode).toBe(0);
  const weights = readFileSync(join(scratch.path, 'step-2-tfjs', 'weights.bin'));
  expect(weights).toEqual(Buffer.from(createSampleImage({ step: 2 }).parameters));
  const again = await runPaceline(scratch, args);
  expect(again.errors).toBe(
    'error: step-2-tfjs is not empty, and nothing is overwritten. Give another folder with --out.\n',
  );
  expect(again.exitCode).toBe(2);
});
