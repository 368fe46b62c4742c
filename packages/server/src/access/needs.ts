import type { Role } from '@paceline/protocol';
import type { Visitor } from '@paceline/transport';

/** Probes of orchestrators carry no secrets, and learn nothing but whether the server lives. */
const open: readonly string[] = ['/healthz', '/readyz'];

/** The role that a visitor needs for what it wants; none for what everybody may know. What is not listed is for observers. */
export function roleNeeded({ wants, path }: Pick<Visitor, 'wants' | 'path'>): Role | undefined {
  if (wants === 'connection') return 'worker';
  if (open.includes(path)) return undefined;
  return path.startsWith('/control/') ? 'control' : 'observe';
}
