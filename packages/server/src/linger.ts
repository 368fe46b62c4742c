import type { Clock } from '@paceline/telemetry';

/**
 * The time after the end in which a server is still there, for those who come late: a worker that was started again is
 * told that the run is over, instead of looking for a server that will never come.
 */
export interface Linger {
  /** Resolves when the time is over, or when `end` was called, also before. */
  wait(): Promise<void>;
  /** Somebody wants this process to go. */
  end(): void;
}

/** Creates one that lasts for `lingerMs`; Infinity: until it is ended. */
export function createLinger({ clock }: { readonly clock: Clock }, lingerMs: number): Linger {
  const over = Promise.withResolvers<undefined>();
  return {
    async wait() {
      const end = (): void => {
        over.resolve(undefined);
      };
      const cancel = Number.isFinite(lingerMs) ? clock.setTimer(lingerMs, end) : () => undefined;
      await over.promise;
      cancel();
    },
    end: () => {
      over.resolve(undefined);
    },
  };
}
