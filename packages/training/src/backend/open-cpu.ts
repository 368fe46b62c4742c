import type { Backend } from './interface.ts';
import { loadTensorFlowJs, useBackend, v8Version } from './load-tfjs.ts';

/**
 * The plain JavaScript backend: complete, and ten to a hundred times slower than the others.
 *
 * Its level is `machine`: JavaScript's Math functions are compiled C++ that may fuse multiply and
 * add on one CPU and not on another.
 */
export async function openCpu(): Promise<Backend> {
  const tf = loadTensorFlowJs();
  silenceBanner(tf.findBackend('cpu'));
  await useBackend(tf, 'cpu');
  return {
    name: 'cpu',
    tf,
    fingerprint: `cpu ${tf.version_core}, V8 ${v8Version()}, ${process.arch}`,
    level: 'machine',
    // The backend keeps the array it is given for as long as the tensor lives.
    fromFlat: (values, shape) => tf.tensor(values.slice(), [...shape], 'float32'),
  };
}

/** The backend prints "Hi, looks like you are running TensorFlow.js in Node.js" at its first tensor. */
function silenceBanner(backend: object): void {
  if ('firstUse' in backend) backend.firstUse = false;
}
