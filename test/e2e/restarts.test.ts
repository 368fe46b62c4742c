import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { writeDigits } from '../support/digits.ts';
import { bitsOf, finished, startTraining, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

describeEachBackend((backend, test) => {
  test('a worker and then the server are killed: both are started again, and the bits stay', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`);
    const set = [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', 'until.steps=60'];
    const options = { workers: 2, backend, set, flags: ['--every', '1'] };
    const running = startTraining(scratch, 'mnist-mlp', options);
    const worker = await running.event('worker', ({ event }) => event === 'joined');
    await running.event('step', ({ step }) => step >= 10);
    process.kill(worker.pid, 'SIGKILL');
    await running.event('worker', ({ event }) => event === 'relaunched');
    const server = await running.event('server', ({ event }) => event === 'started');
    process.kill(server.pid, 'SIGKILL');
    const crashed = await running.event('server', ({ event }) => event === 'crashed');
    expect(crashed).toMatchObject({
      pid: server.pid,
      reason: expect.stringContaining('was ended by SIGKILL') as string,
    });
    const disturbed = await finished(running);
    const again = running.events.filter(
      (event) => event.type === 'server' && event.event === 'restarted',
    );
    expect(again).toHaveLength(1);
    const steady = await train(scratch, 'mnist-mlp', { workers: 1, backend, set });
    expect(bitsOf(disturbed)).toEqual(bitsOf(steady));
    expect(scratch.leftovers()).toEqual([]);
  });
});
