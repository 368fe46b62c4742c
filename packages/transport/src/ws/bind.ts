import { lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';

import { systemCode, TransportError } from '../errors.ts';
import type { TransportErrorCode } from '../errors.ts';
import type { SocketAddress } from './address.ts';
import { findPortHolder } from './port-holder.ts';

/**
 * Binds a server to an address. The socket file that a killed server left behind is replaced; one
 * behind which somebody answers is in use.
 * @throws TransportError
 */
export async function bind(server: Server, address: SocketAddress, text: string): Promise<void> {
  try {
    await listen(server, address);
  } catch (cause) {
    if (systemCode(cause) !== 'EADDRINUSE') throw bindError(text, cause);
    if (address.type === 'tcp' || !(await isStaleSocket(address.path))) {
      throw await inUseError(address, text, cause);
    }
    await unlink(address.path);
    await listen(server, address).catch((again: unknown) => {
      throw bindError(text, again);
    });
  }
}

function listen(server: Server, address: SocketAddress): Promise<void> {
  const where =
    address.type === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether a path is a socket behind which nobody listens. */
async function isStaleSocket(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => undefined);
  if (!file?.isSocket()) return false;
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.on('error', (error) => resolve(systemCode(error) === 'ECONNREFUSED'));
  });
}

async function inUseError(
  address: SocketAddress,
  text: string,
  cause: unknown,
): Promise<TransportError> {
  if (address.type === 'unix') {
    const message = `${text}: a living server has this socket, or the path is no socket`;
    return new TransportError('address-in-use', text, message, { cause });
  }
  const pid = await findPortHolder(address.port);
  const holder = pid === undefined ? 'another process' : `process ${pid}`;
  const message = `${text}: port ${address.port} is in use by ${holder}`;
  return new TransportError('address-in-use', text, message, { cause });
}

const codes: Readonly<Record<string, readonly [TransportErrorCode, string]>> = {
  EADDRNOTAVAIL: ['no-such-address', 'this machine has no such address'],
  ENOTFOUND: ['dns', 'no machine of this name is known'],
  EAI_AGAIN: ['dns', 'no machine of this name is known'],
  EACCES: ['not-allowed', 'this user may not listen there'],
  EPERM: ['not-allowed', 'this user may not listen there'],
  ENOENT: ['bad-address', 'the folder does not exist'],
};

function bindError(text: string, cause: unknown): TransportError {
  const [code, words] = codes[systemCode(cause)] ?? ['failed', 'cannot listen'];
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new TransportError(code, text, `${text}: ${words} (${detail})`, { cause });
}
