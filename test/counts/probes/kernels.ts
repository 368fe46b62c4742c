import { hearNew } from './hear.ts';
import type { Tally } from './tally.ts';

type Kernel = (...operands: readonly number[]) => unknown;

/** Counts the calls of the WebAssembly kernels of this thread, of all memories that are made from now on. */
export function countKernels(tally: Tally): void {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: object };
  hearNew(WebAssembly, 'Instance', (instance) => {
    const { exports } = instance as { readonly exports: Readonly<Record<string, Kernel>> };
    if (!('addScaled' in exports)) return instance; // Node has WebAssembly of its own.
    const counted = Object.entries(exports).map(([name, kernel]): [string, Kernel] => [
      name,
      (...operands) => {
        tally.add(`kernel ${name}`);
        return kernel(...operands);
      },
    ]);
    return { exports: Object.fromEntries(counted) };
  });
}
