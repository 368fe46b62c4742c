import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What a run of vitest came to; test/run.js adds these up over its gates. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each skipped test, with the reason where it gave one. */
  readonly skips: readonly string[];
  /** What tests annotated: counts and measures that are worth a line. */
  readonly notes: readonly string[];
}

/**
 * A vitest reporter that writes the run's {@link Tally} as JSON to the file named by `PACELINE_TALLY`, and fails a run
 * whose tests print: output hides what matters, and nobody reads it.
 */
export const tally = (): Reporter => {
  const prints: string[] = [];
  return {
    onUserConsoleLog(log) {
      prints.push(log.content.trimEnd());
    },
    onTestRunEnd(modules, unhandledErrors) {
      if (prints.length > 0) {
        process.stderr.write(
          `A test must not print, but these lines came:\n${prints.join('\n')}\n`,
        );
        process.exitCode = 1;
      }
      const found = count(modules);
      const broken = unhandledErrors.length + Math.min(prints.length, 1);
      const target = process.env['PACELINE_TALLY'];
      const result: Tally = { ...found, failed: found.failed + broken };
      if (target !== undefined) writeFileSync(target, JSON.stringify(result));
    },
  };
};

const count = (modules: readonly TestModule[]): Tally => {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (state: string) => tests.filter((test) => test.result().state === state);
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + modules.filter(isBroken).length,
    skipped: inState('skipped').length,
    skips: inState('skipped').map(describeSkip),
    notes: tests.flatMap((test) => test.annotations().map(({ message }) => message)),
  };
};

/** A file that failed outside its tests (on import, in a hook) counts as one failure. */
const isBroken = (module: TestModule): boolean =>
  module.state() === 'failed' && ![...module.children.allTests('failed')].length;

const describeSkip = (test: TestCase): string => {
  const result = test.result();
  const reason = result.state === 'skipped' ? result.note : undefined;
  return reason === undefined ? test.fullName : `${test.fullName}: ${reason}`;
};
