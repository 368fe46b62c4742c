#!/usr/bin/env node
// @ts-check
// The test gate: `node test/run.js [gate ...] [-- arguments for vitest]`.
//
// Without gates it runs those of `npm test`; `slow` stands for the others, `all` for both. One line a gate with its time;
// what a gate printed is shown when it failed. The last line is always `N passed, N failed, N skipped`, where a gate that
// is not made of tests counts as one. Tests that printed, or were skipped in CI although needed, count as failed.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ passed: number, failed: number, skipped: number, skips: string[], notes: string[] }} Tally */
/** `says`: its output is worth reading when all is well, too. */
/** @typedef {{ command: string[], seconds: number, isVitest?: true, says?: true }} Gate */

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @param {string} project @param {number} seconds @returns {Gate} */
const vitest = (project, seconds) => ({
  command: ['vitest', 'run', '--project', project],
  seconds,
  isVitest: true,
});

/** Milliseconds would be false precision: a gate that is over its seconds hangs. @type {Record<string, Gate>} */
const fastGates = {
  format: { command: ['prettier', '--check', '--log-level', 'warn', '.'], seconds: 120 },
  lint: { command: ['nx', 'run-many', '-t', 'lint', '--outputStyle', 'static'], seconds: 400 },
  types: { command: ['tsc', '-b'], seconds: 240 },
  'dead-code': {
    command: ['knip', '--no-progress', '--treat-config-hints-as-errors'],
    seconds: 120,
  },
  cycles: {
    command: ['depcruise', 'packages', 'apps', 'test', 'benchmarks', '--output-type', 'err'],
    seconds: 120,
  },
  unit: vitest('unit', 300),
  architecture: vitest('architecture', 180),
  counts: vitest('counts', 120),
  fuzz: vitest('fuzz', 180 + 3 * Number(process.env['FUZZ_SECONDS'] ?? 0)),
  e2e: vitest('e2e', 1500),
};

/** @type {Record<string, Gate>} */
const slowGates = {
  build: { command: ['nx', 'run-many', '-t', 'build', '--outputStyle', 'static'], seconds: 300 },
  simulation: vitest('simulation', 600),
  schedules: {
    command: [
      ...['node', '--conditions=paceline-source', 'test/simulation/main.ts'],
      ...['--schedules', '4000', '--jobs', '2'],
    ],
    seconds: 300,
    says: true,
  },
  examples: vitest('examples', 900),
  package: vitest('package', 600),
  container: vitest('container', 900),
  deploy: vitest('deploy', 240),
  slurm: vitest('slurm', 600),
  'supply-chain': vitest('supply-chain', 120),
};

const gates = { ...fastGates, ...slowGates };

/** @param {string[]} words */
const parseArguments = (words) => {
  const split = words.includes('--') ? words.indexOf('--') : words.length;
  const groups = { slow: Object.keys(slowGates), all: Object.keys(gates) };
  const named = words.slice(0, split).flatMap((word) => Reflect.get(groups, word) ?? [word]);
  const unknown = named.filter((word) => !Object.hasOwn(gates, word));
  return {
    names: named.length === 0 ? Object.keys(fastGates) : named,
    extra: words.slice(split + 1),
    unknown,
  };
};

/** What every gate sees: the repository's own programs first, no Nx services, no colour codes in captured output. */
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  PACELINE_TEST_LEDGER: undefined, // A test that runs this script must not count twice.
};

/** Aborted by the first signal: the gate that runs is ended, and none follows. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());

/**
 * Runs a gate to its end; one that is over its time is ended with everything that it started.
 * @param {Gate} gate @param {string[]} extra @param {string} tallyFile
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
const run = (gate, extra, tallyFile) =>
  new Promise((done) => {
    const [program = '', ...words] = gate.command;
    const child = spawn(program, [...words, ...extra], {
      cwd: root,
      env: { ...environment, PACELINE_TALLY: tallyFile },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // A process group of its own, so that the whole of it can be ended.
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const timer = setTimeout(() => {
      output += `\nNo end after ${gate.seconds} s: ended by the gate.\n`;
      endGroup(child.pid);
    }, gate.seconds * 1_000);
    const stop = () => {
      output += '\nStopped by a signal.\n';
      endGroup(child.pid);
    };
    stopping.signal.addEventListener('abort', stop);
    const finish = (/** @type {boolean} */ ok) => {
      clearTimeout(timer);
      stopping.signal.removeEventListener('abort', stop);
      done({ ok, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });

/** @param {number | undefined} pid */
const endGroup = (pid) => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
};

/** @param {boolean} ok @param {Gate} gate @param {string} tallyFile @returns {Tally} */
const tallyOf = (ok, gate, tallyFile) => {
  const single = { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, skips: [], notes: [] };
  if (!gate.isVitest) return single;
  try {
    /** @type {Tally} */
    const tally = JSON.parse(readFileSync(tallyFile, 'utf8'));
    return { ...tally, failed: Math.max(tally.failed, ok ? 0 : 1) };
  } catch {
    return single; // Vitest itself did not get that far.
  }
};

/** @param {Pick<Tally, 'passed' | 'failed' | 'skipped'>} tally */
const sentence = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** @param {string} text */
const print = (text) => process.stdout.write(text);

/** @param {boolean} ok @param {number} startMs @param {Gate} gate @param {Tally} tally */
const outcome = (ok, startMs, gate, tally) => {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1).padStart(6);
  const counts = gate.isVitest ? `   ${sentence(tally)}` : '';
  // In a gate that failed, most were skipped only because what came before them failed; its output follows.
  const skips = ok ? tally.skips.map((skip) => `\n             skipped: ${skip}`).join('') : '';
  const notes = tally.notes.map((note) => `\n             ${note}`).join('');
  return `${ok ? 'ok  ' : 'FAIL'} ${seconds} s${counts}${skips}${notes}\n`;
};

const main = async () => {
  const { names, extra, unknown } = parseArguments(process.argv.slice(2));
  if (unknown.length > 0) {
    const known = Object.keys(gates).join(', ');
    process.stderr.write(`no gate "${unknown.join('", "')}"; there are: ${known}, slow, all\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    if (stopping.signal.aborted) break;
    const gate = /** @type {Gate} */ (Reflect.get(gates, name));
    const tallyFile = join(folder, `${name}.json`);
    const startMs = performance.now();
    print(name.padEnd(13));
    const { ok, output } = await run(gate, gate.isVitest ? extra : [], tallyFile);
    const tally = tallyOf(ok, gate, tallyFile);
    print(outcome(ok, startMs, gate, tally));
    if (!ok || gate.says) print(`${output}\n`);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  rmSync(folder, { recursive: true });
  // .ci/run adds up what its calls came to.
  const ledger = process.env['PACELINE_TEST_LEDGER'];
  if (ledger) appendFileSync(ledger, `${total.passed} ${total.failed} ${total.skipped}\n`);
  print(`${sentence(total)}\n`);
  return total.failed > 0 ? 1 : 0;
};

process.exitCode = await main();
