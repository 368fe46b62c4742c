import type { SecureContextOptions } from 'node:tls';
import type { Clock } from '@paceline/telemetry';

import { loadTlsFiles, readTlsFiles } from './files.ts';
import type { TlsFiles } from './files.ts';

/** Certificates live for weeks: looking this often is soon enough, and needs no watcher, which mounted secrets fool. */
const lookEveryMs = 10_000;

/** What became of files that changed: in use, or why not. What was in use before stays. */
export type Reload =
  { readonly kind: 'reloaded' } | { readonly kind: 'failed'; readonly words: string };

/**
 * Looks at the files now and then, and hands on what is in them when it has changed and is good. A certificate that is
 * there before its key is tried again, and told of once. The returned function stops it.
 */
export function watchTlsFiles(
  files: TlsFiles,
  o: {
    readonly clock: Clock;
    readonly use: (options: SecureContextOptions) => void;
    readonly onReload: (outcome: Reload) => void;
  },
): () => void {
  let seen = stateOf(files);
  let cancel = (): void => undefined;

  function look(): void {
    const state = stateOf(files);
    if (state !== seen) o.onReload(reload());
    seen = state;
    cancel = o.clock.setTimer(lookEveryMs, look);
  }

  function reload(): Reload {
    try {
      o.use(loadTlsFiles(files));
      return { kind: 'reloaded' };
    } catch (error) {
      return { kind: 'failed', words: error instanceof Error ? error.message : String(error) };
    }
  }

  cancel = o.clock.setTimer(lookEveryMs, look);
  return () => {
    cancel();
  };
}

/** All that is in the files, in one text; a file that is not there is a state as well. */
function stateOf(files: TlsFiles): string {
  try {
    return JSON.stringify(readTlsFiles(files));
  } catch (error) {
    return String(error);
  }
}
