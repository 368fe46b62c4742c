/** Tells its parent about every shutdown signal; after the third it lets go of them. */
import { onShutdownSignals } from '@paceline/telemetry';

const restore = onShutdownSignals((signal, count) => {
  // Before the parent hears of the third: it answers with a signal that nobody may catch any more.
  if (count === 3) restore();
  process.send?.(`${signal} ${count}`);
});
process.send?.('ready');
// The channel to the parent keeps this process alive.
process.on('message', () => undefined);
