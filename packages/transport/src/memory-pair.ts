import type { Clock } from '@paceline/telemetry';

import { closingOf, cutReason, lostCode, strangerWords } from './closing.ts';
import type { Closing, Connection } from './connection.ts';
import { createInbox } from './inbox.ts';

/** What the two ends have in common, and their limits. */
export interface MemoryPairOptions {
  readonly peer: string;
  readonly clock: Clock;
  /** Largest frame that the near and the far end accept. */
  readonly maxFrameBytes: { readonly near: number; readonly far: number };
  /** Bytes that the far end takes before it admits the near one. */
  readonly strangerBytes?: number | undefined;
  /** Called when the far end refuses a frame. */
  readonly onTooLarge?: (() => void) | undefined;
  /** Called when the pair has ended. */
  readonly onEnd: () => void;
}

/** Two ends of one connection inside a process. */
export function createMemoryPair(options: MemoryPairOptions): {
  readonly near: Connection;
  readonly far: Connection;
} {
  const { peer, clock, maxFrameBytes, onEnd } = options;
  const near = new MemoryEnd(peer, clock, maxFrameBytes.near);
  const far = new MemoryEnd(peer, clock, maxFrameBytes.far);
  far.strangerBytes = options.strangerBytes ?? Infinity;
  far.onTooLarge = options.onTooLarge;
  let isEnded = false;
  const end = (closing: Closing): void => {
    if (isEnded) return;
    isEnded = true;
    near.finish(closing);
    far.finish(closing);
    onEnd();
  };
  near.join(far, end);
  far.join(near, end);
  return { near, far };
}

/** What is on its way: a frame, or behind all frames the end. */
interface Parcel {
  readonly content: Uint8Array | Closing;
  readonly sent?: (() => void) | undefined;
}

class MemoryEnd implements Connection {
  readonly peer: string;
  readonly isProtected = true;
  queuedBytes = 0;
  lastActivityMs: number;
  /** What it may still receive before `admit`. */
  strangerBytes = Infinity;
  onTooLarge: (() => void) | undefined;

  private readonly clock: Clock;
  private readonly maxFrameBytes: number;
  private readonly inbox = createInbox();
  private readonly queue: Parcel[] = [];
  private isOpen = true;
  private other: MemoryEnd | undefined;
  private endBoth: (closing: Closing) => void = () => undefined;

  constructor(peer: string, clock: Clock, maxFrameBytes: number) {
    this.peer = peer;
    this.clock = clock;
    this.maxFrameBytes = maxFrameBytes;
    this.lastActivityMs = clock.now();
  }

  join(other: MemoryEnd, endBoth: (closing: Closing) => void): void {
    this.other = other;
    this.endBoth = endBoth;
  }

  send(frame: Uint8Array, sent?: () => void): void {
    if (this.isOpen) {
      this.queuedBytes += frame.length;
      this.post({ content: frame.slice(), sent });
    } else if (sent) {
      queueMicrotask(sent);
    }
  }

  sendCopy(frame: Uint8Array): boolean {
    this.send(frame);
    return true;
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.inbox.mute();
    this.post({ content: closingOf(code, cutReason(reason)) });
  }

  admit(): void {
    this.strangerBytes = Infinity;
  }

  terminate(): void {
    this.isOpen = false;
    this.inbox.mute();
    queueMicrotask(() => this.endBoth(closingOf(lostCode, '')));
  }

  onMessage(handler: (frame: Uint8Array) => void): void {
    this.inbox.onMessage(handler);
  }

  onClose(handler: (closing: Closing) => void): void {
    this.inbox.onClose(handler);
  }

  /** The pair has ended: what is still queued never leaves. */
  finish(closing: Closing): void {
    this.isOpen = false;
    this.queuedBytes = 0;
    for (const { sent } of this.queue.splice(0)) sent?.();
    this.inbox.end(closing);
  }

  private post(parcel: Parcel): void {
    this.queue.push(parcel);
    queueMicrotask(() => this.deliverNext());
  }

  private deliverNext(): void {
    const parcel = this.queue.shift();
    if (!parcel) return;
    const { content, sent } = parcel;
    if (content instanceof Uint8Array) {
      this.queuedBytes -= content.length;
      this.other?.receive(content);
      sent?.();
    } else {
      this.endBoth(content);
    }
  }

  private receive(frame: Uint8Array): void {
    this.lastActivityMs = this.clock.now();
    this.strangerBytes -= frame.length;
    if (frame.length <= this.maxFrameBytes && this.strangerBytes >= 0) {
      this.inbox.deliver(frame);
      return;
    }
    this.onTooLarge?.();
    const reason =
      this.strangerBytes < 0
        ? strangerWords
        : `a message was larger than ${this.maxFrameBytes} bytes, the limit of its receiver`;
    this.endBoth({ code: 1009, reason });
  }
}
