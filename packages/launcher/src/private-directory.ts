import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LauncherError } from './errors.ts';

/** `sockaddr_un.sun_path` holds 104 bytes on macOS, 108 on Linux, the final zero included. */
const longestSocketPathBytes = 103;

/** A folder of this run alone, readable by this user only. */
export interface PrivateDirectory {
  readonly path: string;
  /** Where the server's socket goes. */
  readonly socketPath: string;
  /** Removes the folder and everything in it; a second call does nothing. */
  remove(): void;
}

/**
 * Makes the folder for a run's Unix socket under `parent`, or under `/tmp` when that gives a path which the
 * system refuses for sockets. The mode is 0700: whoever can open the socket can take part in the training.
 *
 * @throws LauncherError `no-socket-directory`
 */
export function openPrivateDirectory(parent: string = tmpdir()): PrivateDirectory {
  const reasons: string[] = [];
  for (const folder of new Set([parent, '/tmp'])) {
    const path = tryMakeDirectory(join(folder, 'paceline-'), reasons);
    if (path === undefined) continue;
    const socketPath = join(path, 'server.sock');
    const remove = (): void => {
      rmSync(path, { recursive: true, force: true });
    };
    if (Buffer.byteLength(socketPath) <= longestSocketPathBytes) {
      return { path, socketPath, remove };
    }
    remove();
    reasons.push(
      `${socketPath} is longer than the ${longestSocketPathBytes} bytes a socket may have`,
    );
  }
  throw new LauncherError(
    'no-socket-directory',
    `No folder for the run's socket: ${reasons.join('; ')}. Set TMPDIR to a short, writable folder.`,
  );
}

function tryMakeDirectory(prefix: string, reasons: string[]): string | undefined {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    reasons.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
