import type { Backend, BackendChoice } from '@paceline/training';

import { failure } from './finding.ts';
import type { Finding } from './finding.ts';

/**
 * Opens the backend, which includes that it computes a known gradient. Blocks for as long as TensorFlow takes to load,
 * a second or less.
 */
export async function examineBackend(
  choice: BackendChoice,
  threads: number,
): Promise<{ readonly findings: readonly Finding[]; readonly backend?: Backend }> {
  const notices: string[] = [];
  try {
    const { openBackend } = await import('@paceline/training');
    const startMs = performance.now();
    const backend = await openBackend(choice, { threads, onNotice: (line) => notices.push(line) });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    return { backend, findings: [describe(backend, seconds, notices)] };
  } catch (error) {
    return { findings: [failure('backend', error, 'Run paceline setup, or use --backend wasm.')] };
  }
}

function describe(backend: Backend, seconds: string, notices: readonly string[]): Finding {
  const text = `${backend.fingerprint}; computed the known gradient; ready in ${seconds} s`;
  if (notices.length === 0) return { subject: 'backend', status: 'ok', text };
  return {
    subject: 'backend',
    status: 'warn',
    text: `${text}. ${notices.join(' ')}`,
    remedy: 'Run paceline setup for native TensorFlow, which is faster.',
  };
}
