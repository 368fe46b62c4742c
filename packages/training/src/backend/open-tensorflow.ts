import { BackendError } from './errors.ts';
import type { Backend, OpenBackendOptions } from './interface.ts';
import { useBackend } from './load-tfjs.ts';
import { isOneDnnOff } from './one-dnn.ts';

/** Native TensorFlow through tfjs-node, on the main thread. 0.5 s. */
export async function openTensorFlow(options: OpenBackendOptions): Promise<Backend> {
  const { threads } = options;
  const { describeCpu, loadTensorFlowNode } = await importRuntime();
  const tf = await load(() => loadTensorFlowNode({ threads }));
  await useBackend(tf, 'tensorflow');
  const version = nativeVersion(tf.backend()) ?? `unknown (tfjs-node ${tf.version['tfjs-node']})`;
  const oneDnn = isOneDnnOff() ? 'off' : 'on';
  const threadWords = `${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
  return {
    name: 'tensorflow',
    tf,
    fingerprint: `tensorflow ${version}, ${describeCpu()}, oneDNN ${oneDnn}, ${threadWords}`,
    level: 'machine',
    fromFlat: (values, shape) => tf.tensor(values, [...shape], 'float32'),
  };
}

type Runtime = typeof import('@paceline/tensorflow-runtime');

/** Loaded when it is needed only: installations without native TensorFlow leave the package out. */
async function importRuntime(): Promise<Runtime> {
  return load(() => import('@paceline/tensorflow-runtime'));
}

async function load<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/u, '') : String(cause);
    throw new BackendError('unavailable', 'tensorflow', reason, { cause });
  }
}

function nativeVersion(backend: object): string | undefined {
  const { binding } = backend as { readonly binding?: { readonly TF_Version?: string } };
  return binding?.TF_Version;
}
