/**
 * V8's collector knows of the buffers that sockets and tensors make only as "external" bytes, and by default runs a full
 * collection for every 25 MB of them: every second step of a model of 1.6 MB, for more CPU than its gradients. With the
 * first flag buffers count as part of the heap, and die young, in scavenges; with the second, full collections begin when
 * there is something to collect. With the third, scavenges come often: they take 0.2 ms, and the buffers that they give
 * back are used again while the caches have them, which is faster and takes 100 MB less. See docs/performance.md.
 */
const newestFlags = [
  '--external-memory-accounted-in-global-limit',
  '--initial-heap-size=150',
  '--max-semi-space-size=2',
];

/** Node's arguments for a process of a run. Older ones do not know the first flag, and would not start. */
export function collectorFlags(): readonly string[] {
  return Number.parseFloat(process.versions.v8) < 13.6 ? [] : newestFlags;
}

/**
 * Starts this program over with the collector's flags, which V8 reads at its start, unless it has them: the process
 * stays the same, with its pid. Whoever starts it with `collectorFlags()` saves it the 0.1 s. Not on Windows.
 */
export function tuneCollector(): void {
  const { execArgv, execve, execPath, argv, env } = process;
  const missing = collectorFlags().filter((flag) => !execArgv.includes(flag));
  if (missing.length === 0 || execve === undefined) return;
  execve(execPath, [execPath, ...execArgv, ...missing, ...argv.slice(1)], env);
}
