import { createHash } from 'node:crypto';
import type { Clock } from '@paceline/telemetry';

/** Secrets live for weeks: looking this often is soon enough, and needs no watcher, which mounted secrets fool. */
const lookEveryMs = 10_000;

/** What became of something that changed: in use, or why not. What was in use before stays. */
export type Reload =
  { readonly kind: 'reloaded' } | { readonly kind: 'failed'; readonly words: string };

/** Something outside of the process that may change while it runs: files, as a rule. */
export interface Source<T> {
  /** All of it as data; throws when it is not there or not good. */
  read(): T;
  /** Takes it into use; throws when it is not good after all. */
  use(value: T): void;
  /** Told of every change once, also of one for the worse. */
  onReload(outcome: Reload): void;
}

/**
 * Looks at a source now and then, and hands on what is there when it has changed from `initial` or from the last time. A
 * certificate that is there before its key is tried again. The returned function stops it.
 */
export function watchSource<T>(source: Source<T>, initial: T, clock: Clock): () => void {
  let seen = digestOf(JSON.stringify(initial));
  let cancel = (): void => undefined;

  function look(): void {
    const { state, take } = lookAt(source);
    if (state !== seen) source.onReload(outcomeOf(take));
    seen = state;
    schedule();
  }

  function schedule(): void {
    cancel = clock.setTimer(lookEveryMs, look);
  }

  schedule();
  return () => {
    cancel();
  };
}

/** What is there at this moment, and how to take it; that it is not good is a state as well. */
function lookAt<T>(source: Source<T>): { readonly state: string; readonly take: () => void } {
  try {
    const value = source.read();
    return {
      state: digestOf(JSON.stringify(value)),
      take: () => {
        source.use(value);
      },
    };
  } catch (error) {
    return {
      state: String(error),
      take: () => {
        throw error;
      },
    };
  }
}

function outcomeOf(take: () => void): Reload {
  try {
    take();
    return { kind: 'reloaded' };
  } catch (error) {
    return { kind: 'failed', words: error instanceof Error ? error.message : String(error) };
  }
}

/** Secrets are remembered by this alone. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
