import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { tally } from './test/support/tally.ts';

const condition = 'paceline-source';
const secondMs = 1_000;

/** What every project shares: packages resolve to their sources, here and in the processes that a test starts. */
const shared: TestProjectInlineConfiguration['test'] = {
  environment: 'node',
  pool: 'forks', // The native addon lives on main threads only, which a worker thread is not.
  // Threads that come and go while WebAssembly is compiled end a process of V8 13.6 now and then ("Check failed:
  // jit_page.has_value()", see nodejs/node#64500), as others report more often with memory protection keys.
  execArgv: [`--conditions=${condition}`, '--no-memory-protection-keys'],
  env: { NODE_OPTIONS: `--conditions=${condition}` },
  restoreMocks: true,
};

const project = (name: string, include: readonly string[], seconds: number) => ({
  ssr: { resolve: { conditions: [condition, 'module', 'node', 'development'] } },
  test: {
    ...shared,
    name,
    include: [...include],
    testTimeout: seconds * secondMs,
    hookTimeout: seconds * secondMs,
  },
});

/** The same, one file at a time: these tests start processes that want the machine for themselves. */
const sequential = (name: string, seconds: number) => {
  const { ssr, test } = project(name, [`test/${name}/**/*.test.ts`], seconds);
  return { ssr, test: { ...test, fileParallelism: false } };
};

/** Container tests share one Docker engine and its images; three runs at a time, of which one or the other waits. */
const containers = () => {
  const { ssr, test } = sequential('container', 400);
  return { ssr, test: { ...test, globalSetup: 'test/container/set-up.ts', maxConcurrency: 3 } };
};

export default defineConfig({
  test: {
    reporters: ['default', tally()],
    maxWorkers: 2,
    teardownTimeout: 60 * secondMs,
    projects: [
      project(
        'unit',
        [
          'packages/*/test/**/*.test.ts',
          'apps/*/test/**/*.test.ts',
          'benchmarks/*/test/**/*.test.ts',
        ],
        20,
      ),
      project('architecture', ['test/architecture/**/*.test.ts', 'test/support/**/*.test.ts'], 60),
      project('counts', ['test/counts/**/*.test.ts'], 60),
      project('simulation', ['test/simulation/**/*.test.ts'], 60),
      sequential('fuzz', 60 + 2 * Number(process.env['FUZZ_SECONDS'] ?? 0)),
      sequential('e2e', 180),
      sequential('examples', 180),
      containers(),
      sequential('slurm', 180),
      project('deploy', ['test/deploy/**/*.test.ts'], 120),
      sequential('package', 480),
      project('supply-chain', ['test/supply-chain/**/*.test.ts'], 60),
    ],
  },
});
