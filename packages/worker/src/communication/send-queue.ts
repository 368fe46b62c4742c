/** A frame that waits for the socket, and whom it belongs to. */
export interface QueuedFrame {
  readonly task: number;
  readonly frame: Uint8Array;
  /** Called when the socket has taken the bytes over. */
  readonly sent: () => void;
  /** Called just before the frame goes into the socket. */
  readonly starts: () => void;
}

/** At most so many frames are in the socket, so that control messages never wait behind a whole model. */
const mostInSocket = 2;

/** Frames of nodes in their order, held back by credit (bytes that the server can take) and by the socket. */
export interface SendQueue {
  push(frame: QueuedFrame): void;
  /** The server can take so many bytes more. */
  credit(bytes: number): void;
  /** Forgets the frames of a task that are not in the socket yet. */
  drop(task: number): void;
  /** A new connection begins with this credit; what was queued for the old one is forgotten. */
  reset(creditBytes: number): void;
  /** Frames that are queued or in the socket. */
  readonly unsent: number;
}

/** Opens a queue in front of a socket. `onChange` hears of every change of `unsent`. */
export function createSendQueue(
  send: (frame: Uint8Array, sent: () => void) => void,
  onChange: (unsent: number) => void,
): SendQueue {
  let waiting: QueuedFrame[] = [];
  let credit = 0;
  let inSocket = 0;
  let generation = 0;
  const report = (): void => {
    onChange(waiting.length + inSocket);
  };
  const pump = (): void => {
    for (;;) {
      const next = waiting[0];
      if (next === undefined || inSocket >= mostInSocket || credit < next.frame.byteLength) return;
      waiting.shift();
      credit -= next.frame.byteLength;
      inSocket += 1;
      next.starts();
      const sentIn = generation;
      send(next.frame, () => {
        if (sentIn !== generation) return;
        inSocket -= 1;
        next.sent();
        pump();
        report();
      });
    }
  };
  return {
    get unsent() {
      return waiting.length + inSocket;
    },
    push(frame) {
      waiting.push(frame);
      pump();
      report();
    },
    credit(bytes) {
      credit += bytes;
      pump();
      report();
    },
    drop(task) {
      waiting = waiting.filter((frame) => frame.task !== task);
      report();
    },
    reset(creditBytes) {
      generation += 1;
      waiting = [];
      inSocket = 0;
      credit = creditBytes;
      report();
    },
  };
}
