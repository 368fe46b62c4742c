import type { Closing, Connection } from '@paceline/transport';
import {
  closingOf,
  cutReason,
  lostCode,
  strangerWords,
} from '../../../packages/transport/src/closing.ts';
import type { SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Parcel, Wire } from './wire.ts';

/** As `ws` has them: each side pings so often, and cuts a connection whose peer does not answer a close. */
const pingEveryMs = 5000;
const closeTimeoutMs = 5000;
const lost = closingOf(lostCode, '');

/** What an end of a connection is made of. */
export interface EndpointOptions {
  readonly peer: string;
  readonly owner: SimulatedProcess;
  readonly timeline: Timeline;
  readonly maxFrameBytes: number;
  /** Bytes that it takes before it admits its peer. */
  readonly strangerBytes?: number | undefined;
  readonly onEnd: () => void;
}

/** One end of a simulated connection: what a process holds of it. Frames go into `out`, and come by `receive`. */
export class Endpoint implements Connection {
  readonly peer: string;
  readonly isProtected = true;
  lastActivityMs: number;
  /** The most bytes that ever waited here. */
  peakBytes = 0;
  private readonly options: EndpointOptions;
  private readonly inbox: Uint8Array[] = [];
  private readonly stopPinging: () => void;
  private strangerBytes: number;
  private out: Wire | undefined;
  private isOpen = true;
  private isMuted = false;
  private closing: Closing | undefined;
  private isTold = false;
  private messageHandler: ((frame: Uint8Array) => void) | undefined;
  private closeHandler: ((closing: Closing) => void) | undefined;

  constructor(options: EndpointOptions) {
    this.options = options;
    this.peer = options.peer;
    this.strangerBytes = options.strangerBytes ?? Infinity;
    this.lastActivityMs = options.timeline.nowMs;
    this.stopPinging = pingRegularly(options.owner, () => this.out?.post({ kind: 'ping' }));
  }

  /** The wire that takes what this end sends. */
  attach(out: Wire): void {
    this.out = out;
  }

  get queuedBytes(): number {
    return this.out?.queuedBytes ?? 0;
  }

  get isEnded(): boolean {
    return this.closing !== undefined;
  }

  send(frame: Uint8Array, sent?: () => void): void {
    if (this.isOpen && this.options.owner.isAlive) {
      const inOwner = sent && ((): void => this.options.owner.run(sent));
      this.out?.post({ kind: 'frame', frame, sent: inOwner });
      this.peakBytes = Math.max(this.peakBytes, this.queuedBytes);
    } else if (sent) {
      this.later(sent);
    }
  }

  /** There is no shared memory between machines. */
  sendCopy(): boolean {
    return false;
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.stopSending();
    this.out?.post({ kind: 'close', ...closingOf(code, cutReason(reason)) });
    this.options.timeline.after(closeTimeoutMs, () => {
      if (!this.isEnded) this.terminate();
    });
  }

  admit(): void {
    this.strangerBytes = Infinity;
  }

  terminate(): void {
    if (this.isEnded) return;
    this.stopSending();
    this.out?.abandon();
    this.out?.postNow({ kind: 'reset' });
    this.later(() => {
      this.finish(lost);
    });
  }

  /** The process is gone: its system resets what it had open. */
  die(): void {
    if (this.isEnded) return;
    this.closing = lost;
    this.stopPinging();
    this.out?.abandon();
    this.out?.postNow({ kind: 'reset' });
    this.options.onEnd();
  }

  onMessage(handler: (frame: Uint8Array) => void): void {
    this.messageHandler = handler;
    this.later(this.drain);
  }

  onClose(handler: (closing: Closing) => void): void {
    this.closeHandler = handler;
    this.later(this.drain);
  }

  /** Something came. */
  receive(parcel: Parcel): void {
    this.options.owner.run(() => {
      if (this.isEnded) return;
      this.lastActivityMs = this.options.timeline.nowMs;
      this.take(parcel);
    });
  }

  private take(parcel: Parcel): void {
    switch (parcel.kind) {
      case 'frame':
        return this.takeFrame(parcel.frame);
      case 'ping':
        if (this.isOpen) this.out?.post({ kind: 'pong' });
        return;
      case 'pong':
        return;
      case 'close': {
        const { code, reason } = parcel;
        this.finish({ code, reason });
        this.out?.postNow({ kind: 'closed', code, reason });
        return;
      }
      case 'closed':
        return this.finish(parcel);
      case 'reset':
        return this.finish(lost);
    }
  }

  private takeFrame(frame: Uint8Array): void {
    const { maxFrameBytes } = this.options;
    this.strangerBytes -= frame.length;
    if (frame.length > maxFrameBytes || this.strangerBytes < 0) {
      const words = `a message was larger than ${String(maxFrameBytes)} bytes, the limit here`;
      const reason = this.strangerBytes < 0 ? strangerWords : words;
      this.finish({ code: 1009, reason });
      this.out?.postNow({ kind: 'close', code: 1009, reason });
    } else if (!this.isMuted) {
      this.inbox.push(frame);
      this.drain();
    }
  }

  private stopSending(): void {
    this.isOpen = false;
    this.isMuted = true;
    this.inbox.length = 0;
  }

  private finish({ code, reason }: Closing): void {
    if (this.isEnded) return;
    this.closing = { code, reason };
    this.isOpen = false;
    this.stopPinging();
    this.out?.abandon();
    this.options.onEnd();
    this.drain();
  }

  private readonly drain = (): void => {
    while (this.messageHandler !== undefined && this.inbox.length > 0) {
      const frame = this.inbox.shift();
      if (frame !== undefined) this.messageHandler(frame);
    }
    const { closing, closeHandler } = this;
    if (closing === undefined || closeHandler === undefined || this.isTold) return;
    if (this.inbox.length > 0) return;
    this.isTold = true;
    closeHandler(closing);
  };

  private later(act: () => void): void {
    this.options.timeline.after(0, () => this.options.owner.run(act));
  }
}

function pingRegularly(owner: SimulatedProcess, ping: () => void): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = owner.clock.setTimer(pingEveryMs, () => {
      ping();
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}
