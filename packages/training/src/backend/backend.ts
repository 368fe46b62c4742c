import { installGradients } from '../gradients/install.ts';
import { BackendError } from './errors.ts';
import type { Backend, BackendChoice, BackendName, OpenBackendOptions } from './interface.ts';
import { checkKnownGradient } from './known-gradient.ts';
import { openCpu } from './open-cpu.ts';
import { openTensorFlow } from './open-tensorflow.ts';
import { openWasm } from './open-wasm.ts';

export type { Backend, BackendChoice, OpenBackendOptions } from './interface.ts';

const openers = { tensorflow: openTensorFlow, wasm: openWasm, cpu: openCpu } as const;

/**
 * Loads a backend, repairs its gradients and checks that it computes one that is known.
 *
 * `tensorflow` must be opened on a main thread. Throws a BackendError when the backend does not
 * load or computes something else; `auto` then takes wasm and says so through `onNotice`.
 */
export async function openBackend(
  choice: BackendChoice,
  options: OpenBackendOptions,
): Promise<Backend> {
  if (choice !== 'auto') return openChecked(choice, options);
  try {
    return await openChecked('tensorflow', options);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    options.onNotice?.(`${error.message}. Using the wasm backend instead, which is slower.`);
    return openChecked('wasm', options);
  }
}

async function openChecked(name: BackendName, options: OpenBackendOptions): Promise<Backend> {
  const backend = await openers[name](options);
  installGradients(backend);
  checkKnownGradient(backend);
  return backend;
}
