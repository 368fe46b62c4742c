import { describe, expect, it } from 'vitest';

import { createInbox } from '../src/inbox.ts';

const lost = { code: 1006, reason: 'lost' };

/** An inbox whose events go to a log. */
function loggedInbox() {
  const inbox = createInbox();
  const log: unknown[] = [];
  return {
    inbox,
    log,
    listen: () => inbox.onMessage((frame) => log.push(...frame)),
    listenToEnd: () => inbox.onClose((closing) => log.push(closing)),
  };
}

describe('an inbox', () => {
  it('tells the end after the frames that came before it, whoever listens first', async () => {
    const { inbox, log, listen, listenToEnd } = loggedInbox();
    listenToEnd();
    inbox.deliver(Uint8Array.of(1));
    inbox.end(lost);
    await Promise.resolve();
    expect(log).toEqual([]);
    listen();
    await Promise.resolve();
    expect(log).toEqual([1, lost]);
  });

  it('calls nobody from within the call that sets the listener', () => {
    const { inbox, log, listen } = loggedInbox();
    inbox.deliver(Uint8Array.of(1));
    listen();
    expect(log).toEqual([]);
  });

  it('keeps the order when a frame comes between the listener and its first call', async () => {
    const { inbox, log, listen } = loggedInbox();
    inbox.deliver(Uint8Array.of(1));
    listen();
    inbox.deliver(Uint8Array.of(2));
    await Promise.resolve();
    expect(log).toEqual([1, 2]);
  });

  it('tells one end once, the first', async () => {
    const { inbox, log, listenToEnd } = loggedInbox();
    inbox.end(lost);
    inbox.end({ code: 4008, reason: 'finished' });
    listenToEnd();
    listenToEnd();
    await Promise.resolve();
    expect(log).toEqual([lost]);
  });

  it('hands over to a later listener', async () => {
    const { inbox, log, listen } = loggedInbox();
    listen();
    await Promise.resolve();
    inbox.deliver(Uint8Array.of(1));
    inbox.onMessage((frame) => log.push(frame.length));
    inbox.deliver(new Uint8Array(70));
    expect(log).toEqual([1, 70]);
  });

  it('drops what it kept when it is muted, but not the end', async () => {
    const { inbox, log, listen, listenToEnd } = loggedInbox();
    inbox.deliver(Uint8Array.of(1));
    inbox.mute();
    inbox.deliver(Uint8Array.of(2));
    inbox.end(lost);
    listen();
    listenToEnd();
    await Promise.resolve();
    expect(log).toEqual([lost]);
  });
});
