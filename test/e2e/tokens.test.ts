import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import { finished, runPaceline } from '../support/paceline.ts';
import type { PacelineProcess } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';

const secrets = {
  worker: 'worker-secret-5a1f0c',
  observe: 'observe-secret-77b2e4',
  control: 'control-secret-c0ffee',
  wrong: 'guessed-secret-000000',
};

/** Writes a token file and gives the flag for it. */
function tokenFlag(scratch: Scratch, name: string, lines: readonly string[]): readonly string[] {
  const file = join(scratch.path, `${name}.token`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return ['--token-file', file];
}

test('each token opens what it is for, whoever has none gets one line, and no secret shows anywhere', async () => {
  using scratch = openScratch();
  const { worker, observe, control, wrong } = secrets;
  const all = [`worker: ${worker}`, `observe: ${observe}`, `control: ${control}`];
  const flags = [...tokenFlag(scratch, 'server', all), '--hold-at', '3'];
  const job = { job: 'linear-regression', backend: 'cpu', set: ['until.steps=6'] } as const;
  const { server, url } = await startServer(scratch, { ...job, flags });
  const own = tokenFlag(scratch, 'worker', [`worker: ${worker}`]);
  const right = startWorker(scratch, url, { name: 'right', flags: own });
  await server.event('hold');

  const guess = startWorker(scratch, url, {
    name: 'guess',
    flags: tokenFlag(scratch, 'wrong', [wrong]),
  });
  const naked = startWorker(scratch, url, { name: 'naked' });
  expect(await Promise.all([guess.exit(), naked.exit()])).toEqual([2, 2]);
  expect(guess.errors()).toMatch(/^error: the token is wrong: .*\n$/);
  expect(naked.errors()).toMatch(/^error: a token is needed: --token-file FILE or .*\n$/);

  const processes = argumentsOf([server, right]);
  const status = await runPaceline(scratch, ['status', url, '--json', ...flags.slice(0, 2)]);
  expect(JSON.parse(status.output)).toMatchObject({ refusals: { unauthorized: 2 } });
  const refused = await runPaceline(scratch, ['resume', url]);
  expect(refused).toMatchObject({
    exitCode: 2,
    errors: `error: The server at ${url} refused: a token is needed: --token-file FILE or PACELINE_TOKEN\n`,
  });
  const observer = tokenFlag(scratch, 'observer', [`observe: ${observe}`]);
  expect((await runPaceline(scratch, ['resume', url, ...observer])).exitCode).toBe(2);
  const resumed = await runPaceline(scratch, ['resume', url, ...flags.slice(0, 2)]);
  expect(resumed.exitCode).toBe(0);
  const run = await finished(server);
  expect([run.end.status, await right.exit()]).toEqual(['finished', 0]);

  const written = [server, right, guess, naked].flatMap((each) => [...each.lines, each.errors()]);
  const everything = [...processes, ...written, ...filesBelow(run.out), status.output].join('\n');
  expect(everything).toContain('unauthorized');
  for (const secret of Object.values(secrets)) expect(everything).not.toContain(secret);
});

test('beyond this machine a server does not listen without a token, and says what to do', async () => {
  using scratch = openScratch();
  const { exitCode, errors } = await runPaceline(scratch, [
    ...['server', 'linear-regression', '--listen', '0.0.0.0:0'],
  ]);
  expect(exitCode).toBe(2);
  expect(errors).toMatch(/^error: 0\.0\.0\.0:0 can be reached from other machines: a token/);
});

/** The command lines of processes, as everybody on the machine can read them. */
function argumentsOf(processes: readonly PacelineProcess[]): readonly string[] {
  return processes.map(({ pid }) =>
    process.platform === 'linux' ? readFileSync(`/proc/${pid}/cmdline`, 'latin1') : '',
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'));
}
