/** Tells its parent about shutdown signals; after one that insists it lets go of them. */
import { onShutdownSignals } from '@paceline/telemetry';

const restore = onShutdownSignals((signal, insists) => {
  // Before the parent hears of it: it answers with a signal that nobody may catch any more.
  if (insists) restore();
  process.send?.(`${signal} ${insists ? 'insists' : 'asks'}`);
});
process.send?.('ready');
// The channel to the parent keeps this process alive.
process.on('message', () => undefined);
