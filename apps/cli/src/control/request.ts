import { request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { SecureContextOptions } from 'node:tls';

import { connectThroughProxy, loadClientTls, wordsOfFailure } from 'paceline/programs';
import type { ClientTlsOptions } from 'paceline/programs';

import { parseEndpoint } from './endpoint.ts';

const timeoutMs = 10_000;
const longestQuoteChars = 500;

/** What a server is asked. */
export interface ServerQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Shows that this may be asked. */
  readonly token?: string | undefined;
  /** Certificates, where the address says TLS. */
  readonly tls?: ClientTlsOptions;
}

/** A server could not be asked, or refused. The program ends with 4 and 2: see `run-program` of paceline. */
class ControlError extends Error {
  readonly code: 'server-unreachable' | 'server-refused' | 'server-broken';

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
 * @throws PacelineError `bad-address`; ControlError `server-unreachable`, `server-refused` (what was asked for makes no
 * sense to it, or not now), `server-broken`
 */
export async function askServer(address: string, question: ServerQuestion): Promise<unknown> {
  const response = await send(address, question);
  const answer = await text(response);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return JSON.parse(answer) as unknown;
  const code = status < 500 ? 'server-refused' : 'server-broken';
  throw new ControlError(code, `The server at ${address} ${refusal(question, status, answer)}`);
}

/** In the server's own sentence, where it gave one. */
function refusal({ method, path }: ServerQuestion, status: number, answer: string): string {
  const reason = reasonIn(answer);
  if (reason !== undefined) return `refused: ${reason}`;
  return `answered ${status} to ${method} ${path}: ${answer.slice(0, longestQuoteChars)}`;
}

function reasonIn(answer: string): string | undefined {
  try {
    const { error } = JSON.parse(answer) as { readonly error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

async function send(address: string, question: ServerQuestion): Promise<IncomingMessage> {
  const { tls, host, port, socketPath } = parseEndpoint(address);
  const { method, path } = question;
  const body = question.body === undefined ? undefined : JSON.stringify(question.body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const secure = tls ? await loadClientTls(question.tls ?? {}) : undefined;
  const request = (tls ? requestHttps : requestHttp)(
    {
      method,
      path,
      ...(await wayTo(address, secure)),
      ...secure,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(question.token === undefined ? {} : { authorization: `Bearer ${question.token}` }),
      },
      ...(socketPath === undefined ? { host, port } : { socketPath }),
    },
    resolve,
  );
  request.on('error', (cause) => {
    void whyUnreached(cause, tls).then((why) => {
      reject(new ControlError('server-unreachable', `No server at ${address}: ${why}`, { cause }));
    });
  });
  request.end(body);
  return promise;
}

/** The socket to send a request over, where a proxy stands before the server; else any new one. */
async function wayTo(
  address: string,
  tls: SecureContextOptions | undefined,
): Promise<Pick<RequestOptions, 'agent' | 'createConnection'>> {
  const { host, port } = parseEndpoint(address);
  if (host === undefined || port === undefined) return { agent: false };
  try {
    const way = await connectThroughProxy({ host, port }, { tls, timeoutMs });
    return way === undefined ? { agent: false } : { createConnection: () => way };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ControlError('server-unreachable', `No server at ${address}: ${words}`, { cause });
  }
}

async function whyUnreached(cause: Error, isTls: boolean): Promise<string> {
  if (cause.name === 'AbortError') return `no answer within ${timeoutMs / 1000} s`;
  return wordsOfFailure(cause, isTls);
}
