import type { Closing } from './connection.ts';

/** The receiving half of a connection: keeps what comes before somebody listens, in order. */
export interface Inbox {
  deliver(frame: Uint8Array): void;
  /** The connection ended; later calls count for nothing. */
  end(closing: Closing): void;
  /** Drops frames from now on, kept ones included. */
  mute(): void;
  onMessage(handler: (frame: Uint8Array) => void): void;
  onClose(handler: (closing: Closing) => void): void;
}

/** Creates an empty inbox. Handlers are never called from within `onMessage` or `onClose`. */
export function createInbox(): Inbox {
  const kept: Uint8Array[] = [];
  let closing: Closing | undefined;
  let isMuted = false;
  let onMessage: ((frame: Uint8Array) => void) | undefined;
  let onClose: ((closing: Closing) => void) | undefined;
  let isTold = false;

  function drain(): void {
    while (onMessage && kept.length > 0) {
      const frame = kept.shift();
      if (frame) onMessage(frame);
    }
    if (!closing || !onClose || isTold || kept.length > 0) return;
    isTold = true;
    onClose(closing);
  }

  return {
    deliver(frame) {
      if (isMuted || closing) return;
      if (onMessage && kept.length === 0) {
        onMessage(frame);
      } else {
        // It lasts no longer than this call.
        kept.push(new Uint8Array(frame));
      }
    },
    end(why) {
      closing ??= why;
      drain();
    },
    mute() {
      isMuted = true;
      kept.length = 0;
    },
    onMessage(handler) {
      onMessage = handler;
      queueMicrotask(drain);
    },
    onClose(handler) {
      onClose = handler;
      queueMicrotask(drain);
    },
  };
}
