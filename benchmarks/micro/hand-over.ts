/**
 * How fast a bucket gets from one thread to another: by a message about memory that both see, and as a frame there and back over
 * the transport, against what is underneath: a futex, and a bare socket that moves the same bytes.
 * With the collector's flags, as every process of a run: without them, collections of large buffers are most of the time.
 *
 *     node --conditions=paceline-source benchmarks/micro/hand-over.ts [--json]
 */
import { tuneCollector } from '../../packages/paceline/src/tune-collector.ts';
import { compare } from './support/compare.ts';
import { bareSubject, transportSubject } from './support/exchanges.ts';
import { kibibyte, mebibyte, sizeName } from './support/subject.ts';
import type { Contest } from './support/subject.ts';
import { startPeer } from './support/peer.ts';
import { threadContest } from './support/threads.ts';

tuneCollector();
await compare('hand-over', [
  threadContest(mebibyte),
  ...(await Promise.all([64 * kibibyte, mebibyte].map(socketContests))).flat(),
]);

/** Both kinds of sockets; the peer is a thread of its own. */
async function socketContests(bytes: number): Promise<readonly Contest[]> {
  const peer = await startPeer(bytes);
  const unix = [
    await bareSubject(peer.bare.unix, bytes),
    await transportSubject(peer.url.unix, bytes),
  ];
  const tcp = [
    await bareSubject(peer.bare.tcp, bytes),
    await transportSubject(peer.url.tcp, bytes),
  ];
  const end = async (): Promise<void> => {
    for (const { dispose } of [...unix, ...tcp]) dispose();
    await peer.end();
  };
  return [
    { name: `Unix socket, ${sizeName(bytes)} there and back`, subjects: unix },
    { name: `TCP, ${sizeName(bytes)} there and back`, subjects: tcp, dispose: end },
  ];
}
