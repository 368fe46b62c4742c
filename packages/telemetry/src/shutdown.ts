/** Signals that ask a process to end: Ctrl-C, and what supervisors send. */
export type ShutdownSignal = 'SIGINT' | 'SIGTERM';

const signals: readonly ShutdownSignal[] = ['SIGINT', 'SIGTERM'];

/**
 * Calls `handler` for each shutdown signal instead of ending the process. `count` is 1 for the first
 * signal of either kind, 2 for the next: a person who presses Ctrl-C twice means it. Signals arrive on
 * the main thread only, when its event loop turns. The returned function restores the default.
 */
export function onShutdownSignals(
  handler: (signal: ShutdownSignal, count: number) => void,
): () => void {
  let count = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    count += 1;
    handler(signal as ShutdownSignal, count);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
