import { setTimeout } from 'node:timers/promises';

import type { WorkerEvent } from '@paceline/protocol';
import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { writeDigits } from '../support/digits.ts';
import { nextEvent, signalAt } from '../support/faults.ts';
import { bitsOf, finished, runPaceline, startTraining, train } from '../support/paceline.ts';
import type { FinishedRun, PacelineProcess } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const stoppedMs = { tensorflow: 20_000, wasm: 5_000 };
const suspectedWithinMs = 3_000;

describeEachBackend((backend, test) => {
  test('workers and the server are killed, one worker is stopped for long: the bits of one undisturbed worker', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`);
    const set = [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', 'until.steps=200'];
    const options = { workers: 3, backend, set, flags: ['--every', '1', '--hold-at', '150'] };
    const running = startTraining(scratch, 'mnist-mlp', options);
    await running.event('server', ({ event }) => event === 'started');
    const startedMs = performance.now();
    await signalAt(running, 20, { name: 'w1', signal: 'SIGKILL' });
    const suspicion = stopAndWait(running, stoppedMs[backend]);
    await signalAt(running, 40, { name: 'w2', signal: 'SIGKILL' });
    const crash = nextEvent(running, 'server', ({ event }) => event === 'crashed');
    await signalAt(running, 50, { name: 'server', signal: 'SIGKILL' });
    await crash;
    await nextEvent(running, 'step', ({ step }) => step === 60);
    await signalAt(running, 60, { name: 'w1', signal: 'SIGKILL' });
    const { suspectedAfterMs, pid } = await suspicion;
    expect(suspectedAfterMs).toBeLessThan(suspectedWithinMs);
    await resumeAtHold(running);
    const disturbed = await finished(running);
    expectWholeTime(disturbed, performance.now() - startedMs);

    const happened = (what: string): number =>
      disturbed.events.filter((event) => 'event' in event && event.event === what).length;
    expect(happened('relaunched')).toBe(3);
    expect([happened('crashed'), happened('restarted')]).toEqual([1, 1]);
    expect(disturbed.events).toContainEqual(
      expect.objectContaining({ type: 'step', recomputed: true }),
    );
    // The stopped worker is the same process: it came back with its model.
    expect(
      disturbed.events.findLast((event) => event.type === 'worker' && isW3('joined')(event)),
    ).toEqual(expect.objectContaining({ pid }));
    const steady = await train(scratch, 'mnist-mlp', { workers: 1, backend, set });
    expect(bitsOf(disturbed)).toEqual(bitsOf(steady));
    expect(scratch.leftovers()).toEqual([]);

    async function resumeAtHold(run: PacelineProcess): Promise<void> {
      await run.event('hold');
      const { url } = await run.event('start');
      const { exitCode, errors } = await runPaceline(scratch, ['resume', url]);
      expect([exitCode, errors]).toEqual([0, '']);
    }
  });

  test('a worker that is killed costs less than a second and what it was computing', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`);
    const set = [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', 'until.steps=100'];
    const options = { workers: 2, backend, set, flags: ['--every', '1'] };
    const running = startTraining(scratch, 'mnist-mlp', options);
    const killed = await signalAt(running, 50, { name: 'w1', signal: 'SIGKILL' });
    const done = running.events.findLast((event) => event.type === 'step')?.step ?? 0;
    await running.event('step', (event) => event.step >= done + 2);
    expect(performance.now() - killed.atMs).toBeLessThan(1_000);
    await finished(running);
    expect(scratch.leftovers()).toEqual([]);
  });
});

/** Each moment of the server's life, and of its absence, is in one category; they add to the wall time. */
function expectWholeTime({ end }: FinishedRun, measuredMs: number): void {
  const shares = Object.values<number>({ ...end.goodput }).reduce((sum, share) => sum + share, 0);
  expect(shares).toBeCloseTo(1, 3);
  expect(end.goodput.recomputed).toBeGreaterThan(0);
  expect(end.goodput.down).toBeGreaterThan(0);
  // Two seconds beside the 2 %: from the events to this test, and for the processes to leave.
  expect(Math.abs(end.wallSeconds * 1000 - measuredMs)).toBeLessThan(0.02 * measuredMs + 2000);
}

/** Stops w3 after step 30, waits until it is suspected, and lets it go on after a while, until it is back. */
async function stopAndWait(
  running: PacelineProcess,
  forMs: number,
): Promise<{ readonly suspectedAfterMs: number; readonly pid: number }> {
  const stopped = await signalAt(running, 30, { name: 'w3', signal: 'SIGSTOP' });
  await nextEvent(running, 'worker', isW3('suspected'));
  const suspectedAfterMs = performance.now() - stopped.atMs;
  await setTimeout(forMs - suspectedAfterMs);
  const back = nextEvent(running, 'worker', isW3('joined'));
  process.kill(stopped.pid, 'SIGCONT');
  await back;
  return { suspectedAfterMs, pid: stopped.pid };
}

function isW3(what: WorkerEvent['event']): (event: WorkerEvent) => boolean {
  return ({ worker, event }) => worker === 'w3' && event === what;
}
