/** tfjs on its plain JavaScript backend, for tests of everything above the backends. */
import type { Backend } from '../../src/backend/interface.ts';
import { openCpu } from '../../src/backend/open-cpu.ts';
import { installGradients } from '../../src/gradients/install.ts';

let opened: Promise<Backend> | undefined;

/** The cpu backend, one per process. */
export function cpuBackend(): Promise<Backend> {
  opened ??= openCpu().then((backend) => {
    installGradients(backend);
    return backend;
  });
  return opened;
}
