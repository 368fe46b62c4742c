import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:http';

const answerMs = 4_000;

/**
 * Asks whether a process is well by the file of its `--health-file`: a server writes its address there, and is asked for
 * `/healthz`; a worker, which nobody can connect to, writes until when its word holds (milliseconds since 1970).
 *
 * @returns what is wrong, in a sentence; `undefined` when all is well
 */
export async function askWhetherWell(
  file: string,
  nowMs: number = Date.now(),
): Promise<string | undefined> {
  const text = readText(file);
  if (text === undefined) return `there is no ${file} yet`;
  if (/^\d+$/.test(text)) {
    const lateMs = nowMs - Number(text);
    return lateMs <= 0 ? undefined : `the worker should have been heard ${lateMs} ms ago`;
  }
  return await askServer(text);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** By its own address, which may be `0.0.0.0`: on Linux and macOS that is this machine. */
async function askServer(url: string): Promise<string | undefined> {
  const { request } = url.startsWith('wss:')
    ? await import('node:https')
    : await import('node:http');
  const answer = Promise.withResolvers<string | undefined>();
  const asking = request({ ...placeOf(url), path: '/healthz', agent: false }, ({ statusCode }) => {
    answer.resolve(statusCode === 200 ? undefined : `${url} answers ${statusCode} to /healthz`);
  });
  asking.setTimeout(answerMs, () => asking.destroy(new Error(`no answer in ${answerMs} ms`)));
  asking.on('error', ({ message }) => answer.resolve(`${url} cannot be asked: ${message}`));
  asking.end();
  const trouble = await answer.promise;
  asking.destroy();
  return trouble;
}

/** `ws://HOST:PORT`, `wss://HOST:PORT` or `ws+unix:///path:/`. */
function placeOf(url: string): RequestOptions & { readonly rejectUnauthorized?: boolean } {
  const [, socketPath] = /^ws\+unix:\/\/(\/[^:]+)/.exec(url) ?? [];
  if (socketPath !== undefined) return { socketPath };
  const { hostname, port } = new URL(url);
  // Whether it lives, not who it is: the certificate is for other names than the address.
  return { host: hostname.replace(/^\[|\]$/g, ''), port, rejectUnauthorized: false };
}
