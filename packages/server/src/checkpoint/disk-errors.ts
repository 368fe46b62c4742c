/** The system's code of an error, for example `ENOSPC`; empty where it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const explanations: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room, or keep fewer checkpoints',
  EDQUOT: 'your quota on this disk is used up; make room, or keep fewer checkpoints',
  EROFS: 'the disk is mounted read-only; give a folder that can be written',
  EACCES: 'this user has no permission; give a folder that this user may read and write',
  EPERM: 'this user has no permission; give a folder that this user may read and write',
  ENOTDIR: 'a part of the path is a file, not a folder; give another folder',
  EEXIST: 'there is a file of this name, not a folder; give another folder',
  ENAMETOOLONG: 'the path is too long for this disk; give a shorter one',
  ELOOP: 'its symbolic links lead in a circle; give another folder',
  ENOENT: 'it is not there and cannot be made, as where the disk is mounted read-only',
  EMFILE: 'this process has too many files open; raise the limit (ulimit -n)',
  ENFILE: 'this machine has too many files open',
  EIO: 'the disk fails; look at the system log',
};

/** What a disk would not do, and what to do about it: `PATH: the disk is full; make room, ...`. */
export function explainDiskError(error: unknown, path: string): string {
  const words = error instanceof Error ? error.message : String(error);
  return `${path}: ${explanations[systemCode(error)] ?? words}`;
}
