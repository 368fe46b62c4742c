// Serves the files of a folder, on a thread of its own: whoever reads them blocks.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './range-server.ts';

const folder = workerData as string;
const server = createServer((request, response) => {
  const path = join(folder, new URL(request.url ?? '', 'http://localhost').pathname);
  if (!existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  const bytes = readFileSync(path);
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  serve({ bytes, etag }, request, response);
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
