/** A process that connects to itself, closes everything, and has nothing to keep it alive any more. */
import { createWebSocketTransport } from '@paceline/transport';

const transport = createWebSocketTransport();
const listener = await transport.listen(process.argv[2] ?? '', {
  onConnection: () => undefined,
  maxFrameBytes: 1000,
});
for (let i = 0; i < 5; i++) {
  const connection = await transport.connect(listener.url, {
    timeoutMs: 60_000,
    maxFrameBytes: 1000,
  });
  connection.send(new Uint8Array(500));
}
await listener.close();
