/** A process that listens on the address of its argument until it is killed, and says which port it got. */
import { createWebSocketTransport } from '@paceline/transport';

const listener = await createWebSocketTransport().listen(process.argv[2] ?? '', {
  onConnection: () => undefined,
  maxFrameBytes: 1000,
});
process.send?.(listener.address);
