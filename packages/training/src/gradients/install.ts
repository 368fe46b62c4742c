import type { Backend, TensorFlow } from '../backend/interface.ts';
import { registerGradientRepair, registerKernelRepair } from './repair.ts';
import { repairs } from './repairs.ts';

// By engine: tfjs-node is another module object over the same engine and registries.
const installed = new WeakMap<ReturnType<TensorFlow['engine']>, Set<string>>();

/**
 * Puts our own kernels and gradients in the place of those that are silently wrong, missing or
 * slow on this backend (`known-gradients.ts` lists them). Doing it again changes nothing.
 *
 * Kernels are replaced for this backend only, gradient functions for the process.
 */
export function installGradients({ name, tf }: Pick<Backend, 'name' | 'tf'>): void {
  const done = installed.get(tf.engine()) ?? new Set();
  installed.set(tf.engine(), done);
  for (const repair of repairs) {
    if (repair.kind === 'kernel' && !repair.backends.includes(name)) continue;
    const key =
      repair.kind === 'kernel' ? `${name}/${repair.name}` : `${repair.kind}/${repair.name}`;
    if (done.has(key)) continue;
    done.add(key);
    if (repair.kind === 'kernel') registerKernelRepair(tf, repair, name);
    else if (repair.kind === 'gradient') registerGradientRepair(tf, repair);
    else repair.apply(tf);
  }
}
