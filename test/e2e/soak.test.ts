import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { createRandom } from '@paceline/math';
import { expect, test } from 'vitest';

import { nextEvent, pidOf } from '../support/faults.ts';
import { jobFile, runPaceline, startTraining } from '../support/paceline.ts';
import type { PacelineProcess } from '../support/paceline.ts';
import { openFiles, residentBytes } from '../support/processes.ts';
import { openScratch } from '../support/scratch.ts';

/** Ten minutes by SOAK_SECONDS=600; as long as that, or as short as CI bears. */
const soakMs = Number(process.env['SOAK_SECONDS'] ?? 20) * 1000;
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 100_000);
const meanPauseMs = 2000;
/** Chance may draw long pauses and many mere stops: it goes on until so many processes were killed. */
const fewestKills = Math.ceil(soakMs / meanPauseMs / 3);
/** A disk that is busy elsewhere may take its time for the last checkpoint. */
const endWithinMs = 150_000;
const mostGrowthBytes = 64 * 2 ** 20;

test(
  `something is killed or stopped every 2 s on average, seed ${seed}: the bits of an undisturbed run, and nothing leaks`,
  async () => {
    using scratch = openScratch();
    const job = jobFile('small.job.ts');
    const backend = 'wasm';
    const endless = ['until.epochs=100000000', 'evaluation.everyEpochs=1000'];
    const set = [...endless, 'checkpoint.everySeconds=3'];
    const flags = ['--max-restarts', '1000000'];
    const running = startTraining(scratch, job, { workers: 3, backend, set, flags });
    await running.event('step', ({ step }) => step >= 20);
    const { uniform: random } = createRandom(seed);
    const endMs = performance.now() + soakMs;
    const done = { kills: 0, stops: 0 };
    let early: Usage | undefined;
    while (performance.now() < endMs || done.kills < fewestKills) {
      await pause(-Math.log(1 - random()) * meanPauseMs);
      const name = random() < 0.2 ? 'server' : `w${1 + Math.floor(3 * random())}`;
      const stopForMs = random() < 0.25 ? 3000 * random() : undefined;
      if (await strike(running, name, stopForMs))
        done[stopForMs === undefined ? 'kills' : 'stops'] += 1;
      if (endMs - performance.now() < soakMs / 2) early ??= usageOf(running.pid);
    }
    const { url } = await running.event('start');
    await nextEvent(running, 'step');
    const late = usageOf(running.pid);
    const stopped = await runPaceline(scratch, ['stop', url]);
    expect([stopped.exitCode, stopped.errors]).toEqual([0, '']);
    const end = await running
      .event('end', () => true, endWithinMs)
      .catch(async (error: unknown) => {
        const { output, errors } = await runPaceline(scratch, ['status', url]);
        throw new Error([String(error), output, errors, running.errors().slice(-4000)].join('\n'));
      });
    await running.exit();

    expect(end.steps).toBeGreaterThan(20);
    expect(late.files).toBeLessThanOrEqual((early?.files ?? 0) + 4);
    expect(late.bytes).toBeLessThan((early?.bytes ?? 0) + mostGrowthBytes);
    const checkpoints = readdirSync(`${running.out}/checkpoints`);
    expect(checkpoints.filter((name) => /^step-\d+$/.test(name)).length).toBeLessThanOrEqual(4);
    expect(checkpoints.filter((name) => name.includes('partial'))).toEqual([]);
    const same = [...endless, `until.steps=${end.steps}`];
    const steady = startTraining(scratch, job, { workers: 1, backend, set: same });
    const undisturbed = await steady.event('end', () => true, soakMs + endWithinMs);
    await steady.exit();
    expect(end.weightsSha256).toBe(undisturbed.weightsSha256);
    expect(scratch.leftovers()).toEqual([]);
  },
  soakMs * 2 + 400_000,
);

interface Usage {
  readonly files: number;
  readonly bytes: number;
}

function usageOf(pid: number): Usage {
  return { files: openFiles(pid), bytes: residentBytes(pid) };
}

/** Kills a process of the run, or stops it for a while; false when it is not there at the moment. */
async function strike(
  running: PacelineProcess,
  name: string,
  stopForMs: number | undefined,
): Promise<boolean> {
  const pid = pidOf(running.events, name);
  try {
    process.kill(pid, stopForMs === undefined ? 'SIGKILL' : 'SIGSTOP');
    if (stopForMs === undefined) return true;
    await pause(stopForMs);
    process.kill(pid, 'SIGCONT');
    return true;
  } catch {
    return false; // it is being started again
  }
}
