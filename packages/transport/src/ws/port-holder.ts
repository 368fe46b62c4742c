import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

import type { SocketAddress } from './address.ts';

/** A process that has an address. */
export interface Holder {
  readonly pid: number;
  /** Its program and, of an interpreter, the script: no other arguments, which may hold secrets. Empty where unknown. */
  readonly command: string;
}

/** State of a listening socket in /proc/net/tcp (proc(5); TCP_LISTEN of Linux). */
const listening = '0A';
/** Flag of one in /proc/net/unix (__SO_ACCEPTCON). */
const acceptsConnections = '00010000';

/**
 * The process that listens on a TCP port or a Unix socket of this machine, where the system tells: on Linux, and for
 * processes that this user may look at. For an error message only.
 */
export async function findHolder(address: SocketAddress): Promise<Holder | undefined> {
  const inodes = new Set(
    address.type === 'unix' ? await unixInodes(address.path) : await tcpInodes(address.port),
  );
  if (inodes.size === 0) return undefined;
  for (const name of await namesIn('/proc')) {
    if (!/^\d+$/.test(name) || !(await holdsSocket(name, inodes))) continue;
    return { pid: Number(name), command: await commandOf(name) };
  }
  return undefined;
}

/** Columns: sl, local_address (hex ip:port), rem_address, st, queues, timer, retransmits, uid, timeout, inode. */
async function tcpInodes(port: number): Promise<readonly string[]> {
  const rows = [...(await rowsOf('/proc/net/tcp')), ...(await rowsOf('/proc/net/tcp6'))];
  return rows
    .filter(([, local = '', , state]) => {
      return state === listening && parseInt(local.split(':')[1] ?? '', 16) === port;
    })
    .map((columns) => columns[9] ?? '');
}

/** Columns: num, reference count, protocol, flags, type, state, inode, path. A path may have spaces. */
async function unixInodes(path: string): Promise<readonly string[]> {
  return (await rowsOf('/proc/net/unix'))
    .filter(([, , , flags]) => flags === acceptsConnections)
    .filter((columns) => columns.slice(7).join(' ') === path)
    .map((columns) => columns[6] ?? '');
}

async function rowsOf(table: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(table, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim().split(/ +/));
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const name of await namesIn(folder)) {
    const link = await readlink(`${folder}/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

async function commandOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...args] = line.split('\0');
  const script = args.find((arg, i) => isScript(arg) && !takesModule(args[i - 1] ?? ''));
  return [program, ...(script === undefined ? [] : [script])]
    .map((path) => basename(path))
    .join(' ');
}

function isScript(arg: string): boolean {
  return /\.([cm]?[jt]s|py|rb|pl|sh|jar)$/.test(arg);
}

/** Of Node's flags, those before what is loaded beside the program. */
function takesModule(arg: string): boolean {
  return ['-r', '--require', '--import', '--loader'].includes(arg);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
