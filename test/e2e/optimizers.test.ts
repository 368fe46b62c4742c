import { expect, test } from 'vitest';

import { freePort, startServer, startWorker } from '../support/cluster.ts';
import { signalAt } from '../support/faults.ts';
import { bitsOf, finished, jobFile, train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const job = jobFile('small.job.ts');
const backend = 'wasm';

const groups = [{ match: '*/bias', weightDecay: 0, learningRateFactor: 0.5, adaptLayers: false }];
const optimizers: readonly object[] = [
  { type: 'sgd', momentum: 0.9, dampening: 0.1, clip: { globalNorm: 0.2 } },
  { type: 'nadam', learningRate: 0.01, average: {}, groups },
  { type: 'lamb', learningRate: 0.01, weightDecay: 0.1, clip: { norm: 0.5 }, groups },
  { type: 'adafactor', learningRate: 0.05, weightDecay: 0.01 },
];

const settings = (optimizer: object, more: readonly string[] = []): readonly string[] => [
  ...[`optimizer=${JSON.stringify(optimizer)}`, 'until.epochs=1000', 'until.steps=60'],
  ...['checkpoint.everySteps=10', 'schedule={"type":"cosine","warmupSteps":5}', ...more],
];

test.each(optimizers)(
  '%j: the same bits for 1, 2 and 3 workers and whatever the buckets',
  async (optimizer) => {
    using scratch = openScratch();
    const run = async (workers: number, ...more: readonly string[]): Promise<object> =>
      bitsOf(await train(scratch, job, { workers, backend, set: settings(optimizer, more) }));
    const one = await run(1);
    expect(await run(2, 'bucketBytes=60')).toEqual(one);
    expect(await run(3, 'bucketBytes=132')).toEqual(one);
  },
);

test.each(optimizers.slice(1))(
  '%j: a server that is killed, and a worker, change no bit',
  async (optimizer) => {
    using scratch = openScratch();
    const set = settings(optimizer);
    const listen = `127.0.0.1:${await freePort()}`;
    const start = (): ReturnType<typeof startServer> =>
      startServer(scratch, { job, backend, set, listen, flags: ['--every', '1'] });
    let cluster = await start();
    const workers = ['a', 'b'].map((name) =>
      startWorker(scratch, cluster.url, { name, flags: ['--job', job] }),
    );
    await signalAt(cluster.server, 17, { name: 'server', signal: 'SIGKILL' });
    await cluster.server.exit();
    cluster = await start();
    await cluster.server.event('step', ({ step }) => step >= 31);
    workers[0]?.kill('SIGKILL');
    const killed = await finished(cluster.server);
    expect(killed.events.find((event) => event.type === 'start')?.resumedAt).toBe(10);
    const steady = await train(scratch, job, { workers: 1, backend, set });
    expect(bitsOf(killed)).toEqual(bitsOf(steady));
  },
);
