import { lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';

import { systemCode, TransportError } from '../errors.ts';
import type { TransportErrorCode } from '../errors.ts';
import type { SocketAddress } from './address.ts';
import { findHolder } from './port-holder.ts';
import type { Holder } from './port-holder.ts';

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

async function isSocket(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => undefined);
  return file?.isSocket() === true;
}

/** Whether a path is a socket behind which nobody listens. */
async function isStaleSocket(path: string): Promise<boolean> {
  if (!(await isSocket(path))) return false;
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
  const holder = describeHolder(await findHolder(address));
  const message =
    address.type === 'tcp'
      ? `${text}: port ${address.port} is in use by ${holder}`
      : (await isSocket(address.path))
        ? `${text}: this socket is in use by ${holder}`
        : `${text}: the path is no socket, and is left alone`;
  return new TransportError('address-in-use', text, message, { cause });
}

function describeHolder(holder: Holder | undefined): string {
  if (holder === undefined) return 'another process';
  const { pid, command } = holder;
  return `process ${pid}${command === '' ? '' : ` (${command})`}`;
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
