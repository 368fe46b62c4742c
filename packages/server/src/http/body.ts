import type { IncomingMessage } from 'node:http';

/** No request to a server has more to say. */
const mostBytes = 4096;

/** A body, or what is wrong with it. */
export type Body =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly words: string };

/** Reads a small JSON body; an empty one is undefined. What is too large is not kept. Never rejects. */
export async function readJson(request: IncomingMessage): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes <= mostBytes) chunks.push(chunk);
    }
    if (bytes > mostBytes) {
      return { kind: 'error', words: `the body has more than ${String(mostBytes)} bytes` };
    }
    if (bytes === 0) return { kind: 'value', value: undefined };
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { kind: 'value', value };
  } catch {
    return { kind: 'error', words: 'the body is no JSON' };
  }
}
