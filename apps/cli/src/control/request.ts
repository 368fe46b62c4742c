import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

import { parseEndpoint } from './endpoint.ts';

const timeoutMs = 10_000;

/** A server could not be asked, or refused. */
class ControlError extends Error {
  readonly code: 'server-unreachable' | 'server-refused';

  constructor(code: ControlError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControlError';
    this.code = code;
  }
}

/**
 * Asks a running server, over its own address.
 *
 * @returns the JSON of the answer
 * @throws PacelineError `bad-address`; ControlError `server-unreachable`, `server-refused`
 */
export async function askServer(
  address: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<unknown> {
  const response = await send(address, method, path);
  const body = await text(response);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return JSON.parse(body) as unknown;
  throw new ControlError(
    'server-refused',
    `The server at ${address} answered ${status} to ${method} ${path}: ${body.slice(0, 500)}`,
  );
}

async function send(
  address: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<IncomingMessage> {
  const { tls, host, port, socketPath } = parseEndpoint(address);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (tls ? requestHttps : requestHttp)(
    {
      method,
      path,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(socketPath === undefined ? { host, port } : { socketPath }),
    },
    resolve,
  );
  request.on('error', (cause) => {
    const why =
      cause.name === 'AbortError' ? `no answer within ${timeoutMs / 1000} s` : cause.message;
    reject(new ControlError('server-unreachable', `No server at ${address}: ${why}`, { cause }));
  });
  request.end();
  return promise;
}
