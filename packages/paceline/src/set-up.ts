import type { SetupOptions, SetupResult } from '@paceline/tensorflow-runtime';

/**
 * Makes the fastest backend that this machine can have and says on `stream` (standard error by default) what is done and
 * what one gets: native TensorFlow, or else WebAssembly with the reason.
 *
 * @throws the runtime's InterruptedError when the signal was aborted
 */
export async function setUpBackend(options: SetupOptions = {}): Promise<SetupResult> {
  const { setup } = await import('@paceline/tensorflow-runtime');
  return setup(options);
}
