import { describe, expect, it } from 'vitest';

import { planLocalRun } from '../src/plan.ts';
import type { LocalRunOptions } from '../src/plan.ts';

const options: LocalRunOptions = {
  program: { command: '/bin/node', args: ['--conditions=x', '/main.js'] },
  job: 'job.ts',
  set: ['seed=7'],
  workers: 2,
  out: 'runs/a',
  everySteps: 10,
  holdAt: [3, 5],
  logLevel: 'warn',
  launcherPid: 99,
  privateDirectory: { path: '/tmp/p', socketPath: '/tmp/p/server.sock' },
};

describe('the plan of a local run', () => {
  it('starts the server and the workers of the beginning in their places, later workers anywhere', () => {
    const placement = {
      server: ['calmly'],
      workers: [
        ['near', '0'],
        ['near', '1'],
      ],
    };
    const plan = planLocalRun({ ...options, placement });
    const { command, args } = plan.worker('w2');
    expect([command, ...args]).toEqual([
      ...['near', '1', '/bin/node', '--conditions=x', '/main.js'],
      ...planLocalRun(options).worker('w2').args.slice(2),
    ]);
    expect(plan.worker('w3')).toEqual(planLocalRun(options).worker('w3'));
    const server = plan.server();
    expect([server.command, server.args[0]]).toEqual(['calmly', '/bin/node']);
  });

  it('gives the server the job, its overrides, and the number of workers to wait for', () => {
    const server = planLocalRun(options).server();
    expect(server.command).toBe('/bin/node');
    expect(server.args).toEqual([
      '--conditions=x',
      '/main.js',
      'server',
      'job.ts',
      '--listen=unix:/tmp/p/server.sock',
      '--json',
      '--linger=0s',
      '--min-workers=2',
      '--out=runs/a',
      '--every=10',
      '--hold-at=3',
      '--hold-at=5',
      '--set=seed=7',
      '--log-level=info',
    ]);
    expect(server.env).toEqual({
      PACELINE_LAUNCHER_PID: '99',
      PACELINE_LAUNCHER_DIRECTORY: '/tmp/p',
      GLIBC_TUNABLES: 'glibc.malloc.mmap_threshold=524288',
    });
  });

  it('tells every process where compiled code is kept', () => {
    const plan = planLocalRun({ ...options, compileCache: '/cache/code' });
    expect(plan.server().env['NODE_COMPILE_CACHE']).toBe('/cache/code');
    expect(plan.worker('w1').env['NODE_COMPILE_CACHE']).toBe('/cache/code');
  });

  it('lets training begin with fewer workers, or more come, when that was asked for', () => {
    const { args } = planLocalRun({ ...options, minWorkers: 1, maxWorkers: 4 }).server();
    expect(args).toContain('--min-workers=1');
    expect(args).toContain('--max-workers=4');
  });

  it('opens a second address to workers from elsewhere, and certificates are for that one', () => {
    const { server, worker } = planLocalRun({
      ...options,
      ...{ listen: '0.0.0.0:7070', advertise: 'trainer', tokenFile: 'run.token' },
      ...{ tlsCert: 's.pem', tlsKey: 's.key', tlsClientCa: 'ca.pem' },
    });
    expect(server().args.slice(4, 12)).toEqual([
      '--listen=0.0.0.0:7070',
      '--listen=unix:/tmp/p/server.sock',
      '--advertise=trainer',
      '--token-file=run.token',
      '--tls-cert=s.pem',
      '--tls-key=s.key',
      '--tls-client-ca=ca.pem',
      '--json',
    ]);
    const { args } = worker('w1');
    expect(args).toContain('ws+unix:///tmp/p/server.sock:/');
    expect(args).toContain('--token-file=run.token');
    expect(args.join()).not.toContain('tls');
  });

  it('starts a server again where others look for it, and with whoever is there', () => {
    const plan = planLocalRun({ ...options, listen: '127.0.0.1:0' });
    const begun = plan.server({ address: '127.0.0.1:41234', hasBegun: true }).args;
    expect(begun).toContain('--listen=127.0.0.1:41234');
    expect(begun).toContain('--listen=unix:/tmp/p/server.sock');
    expect(begun).toContain('--min-workers=1');
    const early = plan.server({ address: '127.0.0.1:41234', hasBegun: false }).args;
    expect(early).toContain('--min-workers=2');
    const before = { address: 'unix:/tmp/p/server.sock', hasBegun: true };
    const listens = planLocalRun(options)
      .server(before)
      .args.filter((arg) => arg.startsWith('--listen'));
    expect(listens).toEqual(['--listen=unix:/tmp/p/server.sock']);
  });

  it('names the workers w1, w2, ... and sends them to the private socket', () => {
    const plan = planLocalRun(options);
    expect(plan.workers).toEqual(['w1', 'w2']);
    const worker = plan.worker('w2');
    expect(worker.args.slice(2)).toEqual([
      'worker',
      'ws+unix:///tmp/p/server.sock:/',
      '--job=job.ts',
      '--name=w2',
      '--log-level=warn',
    ]);
    expect(worker.env['PACELINE_LAUNCHER_PID']).toBe('99');
  });

  it('makes a chosen backend a setting of the job, and the choice of each worker', () => {
    const plan = planLocalRun({ ...options, backend: 'wasm' });
    expect(plan.server().args).toContain('--set=backend=wasm');
    expect(plan.worker('w1').args).toContain('--backend=wasm');
  });
});
