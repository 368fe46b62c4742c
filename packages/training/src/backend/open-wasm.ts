import { dirname, sep } from 'node:path';

import type { Backend, OpenBackendOptions } from './interface.ts';
import { loadTensorFlowJs, requireHere, useBackend, v8Version } from './load-tfjs.ts';

const packageName = '@tensorflow/tfjs-backend-wasm';

/** The WebAssembly backend: XNNPACK with SIMD, one thread, the same bits on any CPU. */
export async function openWasm(options: OpenBackendOptions): Promise<Backend> {
  if (options.threads > 1) {
    options.onNotice?.(
      `The wasm backend computes on one thread in Node; threads: ${String(options.threads)} has no effect.`,
    );
  }
  const tf = loadTensorFlowJs();
  const wasm = requireHere(packageName) as typeof import('@tensorflow/tfjs-backend-wasm');
  if (!isInitialised(tf.engine()))
    wasm.setWasmPaths(dirname(requireHere.resolve(packageName)) + sep);
  await useBackend(tf, 'wasm');
  return {
    name: 'wasm',
    tf,
    fingerprint: `wasm ${wasm.version_wasm}, V8 ${v8Version()}`,
    level: 'portable',
    fromFlat: (values, shape) => tf.tensor(values, [...shape], 'float32'),
  };
}

function isInitialised(engine: { readonly registry: Readonly<Record<string, unknown>> }): boolean {
  return engine.registry['wasm'] !== undefined;
}
