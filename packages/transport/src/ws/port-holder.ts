import { readdir, readFile, readlink } from 'node:fs/promises';

/** State of a listening socket in /proc/net/tcp (proc(5); TCP_LISTEN of Linux). */
const listening = '0A';

/**
 * The process that listens on a TCP port of this machine, where the system tells: on Linux, and for
 * processes that this user may look at. For an error message only.
 */
export async function findPortHolder(port: number): Promise<number | undefined> {
  const inodes = new Set([
    ...(await listeningInodes('/proc/net/tcp', port)),
    ...(await listeningInodes('/proc/net/tcp6', port)),
  ]);
  if (inodes.size === 0) return undefined;
  for (const name of await namesIn('/proc')) {
    if (/^\d+$/.test(name) && (await holdsSocket(name, inodes))) return Number(name);
  }
  return undefined;
}

/** Columns: sl, local_address (hex ip:port), rem_address, st, queues, timer, retransmits, uid, timeout, inode. */
async function listeningInodes(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => {
      return state === listening && parseInt(local.split(':')[1] ?? '', 16) === port;
    })
    .map((columns) => columns[9] ?? '');
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

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
