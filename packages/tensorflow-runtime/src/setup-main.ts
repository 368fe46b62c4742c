/** A program: `paceline setup` without the command line package, for the bootstrap. Ends with 130 or 143 after a signal. */
import { InterruptedError } from './errors.ts';
import { setup } from './setup.ts';

const controller = new AbortController();
let signalNumber = 2;
process.once('SIGINT', () => {
  controller.abort();
});
process.once('SIGTERM', () => {
  signalNumber = 15;
  controller.abort();
});
try {
  await setup({ signal: controller.signal });
} catch (error) {
  if (!(error instanceof InterruptedError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 128 + signalNumber;
}
