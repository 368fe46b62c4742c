import { createRequire } from 'node:module';

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined` on nearly every op; Node 22 warns of it, Node 23 took it away (the fix,
 * tfjs pull request 8425, was merged and never released). Puts one in its place for the whole process; must happen
 * before tfjs-node is loaded.
 */
export function restoreUtilFunctions(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
}

/**
 * What TensorFlow reads from the environment once, when it is loaded. A thread count fixes the rounding of sums that
 * are split among threads; one pool serves an op's inside, the other ops at once, of which tfjs never starts two.
 */
export function tensorflowEnvironment(
  threads: number | undefined,
): Readonly<Record<string, string>> {
  return {
    TF_CPP_MIN_LOG_LEVEL: '3',
    ...(threads === undefined
      ? {}
      : { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) }),
  };
}

/**
 * Whether a line of a process's stderr is one of the two that TensorFlow writes while it is loaded, whatever the log
 * level, before any setting can reach it. Whoever shows another process's stderr may drop them.
 */
export function isTensorFlowBanner(line: string): boolean {
  return (
    line.startsWith('WARNING: All log messages before absl::InitializeLog() is called') ||
    /^I0000 .*\] oneDNN custom operations are on\./u.test(line)
  );
}
