/** Signals that ask a process to end: Ctrl-C, and what supervisors send. */
export type ShutdownSignal = 'SIGINT' | 'SIGTERM';

const signals: readonly ShutdownSignal[] = ['SIGINT', 'SIGTERM'];

/**
 * Calls `handler` for the first shutdown signal instead of ending the process, and again, with `insists`, for each SIGINT
 * that follows: a person who presses Ctrl-C twice means it. SIGTERM may come several times for one reason, as Slurm and
 * systemd send it to every process of a job, and a launcher passes its own on: the others are left out. Signals arrive
 * on the main thread only, when its event loop turns. The returned function restores the default.
 */
export function onShutdownSignals(
  handler: (signal: ShutdownSignal, insists: boolean) => void,
): () => void {
  let isAsked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!isAsked || signal === 'SIGINT') handler(signal as ShutdownSignal, isAsked);
    isAsked = true;
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
