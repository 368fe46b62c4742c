import { readdirSync, readFileSync } from 'node:fs';

/**
 * Children of a process, as the whole machine numbers them.
 *
 * @throws Error when there are fewer than `least`
 */
export function childrenOf(pid: number, least: number): readonly number[] {
  const children = numbers().filter((each) => parentOf(each) === pid);
  if (children.length < least) throw new Error(`${pid} has ${children.length} children`);
  return children;
}

/** Command lines of all processes of the machine, with spaces between the words. */
export function commandLines(): readonly { readonly pid: number; readonly words: string }[] {
  return numbers().map((pid) => ({ pid, words: read(pid, 'cmdline').replaceAll('\0', ' ') }));
}

/** Environments of all processes of the machine. */
export function environments(): readonly string[] {
  return numbers().map((pid) => read(pid, 'environ'));
}

function numbers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fourth field; the second, the name, may hold anything, but ends with the last bracket. */
function parentOf(pid: number): number {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Empty for a process that is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
