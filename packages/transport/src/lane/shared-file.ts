import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** Memory that Linux shows as files; elsewhere there is none, and frames travel through their socket. */
const folder = '/dev/shm';
const named = /^\/dev\/shm\/paceline-[0-9a-f]{32}$/;
const held = /^\/proc\/\d+\/fd\/\d+$/;

/** Bytes that processes of one machine have open. Reads and writes are copies in memory and do not wait. */
export interface SharedFile {
  /** Where others open it. */
  readonly path: string;
  /** Fills `into`. @throws Error where the file is shorter than it was made */
  read(into: Uint8Array, at: number): void;
  /** @throws Error where there is no memory left */
  write(bytes: Uint8Array, at: number): void;
  /** The memory stays until everybody who opened it has closed it. */
  close(): void;
}

/** Makes a file of `bytes` that only this user can open; undefined where that cannot be had. Takes memory as it is written. */
export function createSharedFile(bytes: number): SharedFile | undefined {
  return orNothing(() => {
    const { path, descriptor } = create(bytes);
    return over(descriptor, path, () => rmSync(path, { force: true }));
  });
}

/** The same without a name, for several to open while this process has it. */
export function createHeldFile(bytes: number): SharedFile | undefined {
  return orNothing(() => {
    const { path, descriptor } = create(bytes);
    rmSync(path, { force: true });
    return over(descriptor, `/proc/${String(process.pid)}/fd/${String(descriptor)}`);
  });
}

/**
 * Opens what another process of this machine has made, and takes its name away if it has one, so that nothing stays behind
 * however the two end; undefined where it is not to be had, or is something else.
 */
export function openSharedFile(path: string, bytes: number): SharedFile | undefined {
  const hasName = named.test(path);
  if (!hasName && !held.test(path)) return undefined;
  return orNothing(() => {
    const { O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
    const descriptor = openSync(path, O_RDWR | O_NONBLOCK | (hasName ? O_NOFOLLOW : 0));
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size !== bytes) {
      closeSync(descriptor);
      return undefined;
    }
    if (hasName) rmSync(path, { force: true });
    return over(descriptor, path);
  });
}

function create(bytes: number): { readonly path: string; readonly descriptor: number } {
  const { O_CREAT, O_EXCL, O_RDWR } = constants;
  const path = `${folder}/paceline-${randomBytes(16).toString('hex')}`;
  const descriptor = openSync(path, O_CREAT | O_EXCL | O_RDWR, 0o600);
  try {
    ftruncateSync(descriptor, bytes);
  } catch (error) {
    closeSync(descriptor);
    rmSync(path, { force: true });
    throw error;
  }
  return { path, descriptor };
}

function over(descriptor: number, path: string, onClose: () => void = () => undefined): SharedFile {
  let isOpen = true;
  return {
    path,
    read(into, at) {
      const read = readSync(descriptor, into, 0, into.length, at);
      if (read !== into.length) throw new Error('the shared file was cut short');
    },
    write(bytes, at) {
      const written = writeSync(descriptor, bytes, 0, bytes.length, at);
      if (written !== bytes.length) throw new Error('there is no room left in shared memory');
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
      onClose();
    },
  };
}

function orNothing<T>(make: () => T | undefined): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
