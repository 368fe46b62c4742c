import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file, and how a server gives it. */
export interface Served {
  bytes: Uint8Array;
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** False: the whole file is the answer to every question. */
  ranges?: boolean;
  /** False: the length is not said beforehand. */
  length?: boolean;
}

/** A server on a free port of this machine. */
export interface RangeServer extends AsyncDisposable {
  readonly url: string;
  /** The ranges that were asked for. */
  readonly asked: string[];
  readonly served: Served;
  /** Answers to the next questions, in this order, before those of the file. */
  readonly instead: ((request: IncomingMessage, response: ServerResponse) => void)[];
}

/** Serves a file as it is when it is asked for. */
export async function startRangeServer(served: Served): Promise<RangeServer> {
  const asked: string[] = [];
  const instead: RangeServer['instead'] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range ?? '');
    const other = instead.shift();
    if (other === undefined) serve(served, request, response);
    else other(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/data.csv`,
    ...{ asked, served, instead },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a server of files does. */
export function serve(served: Served, request: IncomingMessage, response: ServerResponse): void {
  const { bytes, etag, lastModified, ranges = true, length = true } = served;
  if (etag !== undefined) response.setHeader('etag', etag);
  if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
  const range = ranges ? /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') : null;
  if (range === null) {
    if (length) response.setHeader('content-length', bytes.length);
    response.end(bytes);
    return;
  }
  const [start, last] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
  if (start > last) {
    response.writeHead(416, { 'content-range': `bytes */${String(bytes.length)}` }).end();
    return;
  }
  response.writeHead(206, {
    'content-range': `bytes ${String(start)}-${String(last)}/${String(bytes.length)}`,
    'content-length': last + 1 - start,
  });
  response.end(bytes.subarray(start, last + 1));
}
