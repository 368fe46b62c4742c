import { expect } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { startServer, startWorker } from '../support/cluster.ts';
import { writeDigits } from '../support/digits.ts';
import { finished, train } from '../support/paceline.ts';
import { openProxy } from '../support/proxy.ts';
import { openScratch } from '../support/scratch.ts';

describeEachBackend((backend, test) => {
  test('a worker whose connection is cut comes back by itself, and the bits stay', async () => {
    using scratch = openScratch();
    const digits = writeDigits(`${scratch.path}/digits`);
    const set = [`data.path=${digits}`, 'batchSize=48', 'until.epochs=1000', 'until.steps=100'];
    const job = 'mnist-mlp';
    const { server, url } = await startServer(scratch, { job, backend, set });
    await using proxy = await openProxy(url);
    const worker = startWorker(scratch, proxy.url, { name: 'behind-the-proxy' });
    for (const step of [10, 50]) {
      await server.event('step', (event) => event.step >= step);
      expect(proxy.cut()).toBe(1);
    }
    const cut = await finished(server);
    expect(await worker.exit()).toBe(0);
    expect(cut.events.filter((event) => event.type === 'worker')).toMatchObject([
      { event: 'joined' },
      { event: 'left' },
      { event: 'joined' },
      { event: 'left' },
      { event: 'joined' },
    ]);
    const steady = await train(scratch, job, { workers: 1, backend, set });
    expect(cut.end.weightsSha256).toBe(steady.end.weightsSha256);
    expect(scratch.leftovers()).toEqual([]);
  });
});
