import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/workspace.ts';

/** A package that is installed with ours, as package-lock.json has it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest says it: an SPDX expression. */
  readonly licence: string | null;
  readonly isHashed: boolean;
  /** Only developers of paceline get it. */
  readonly isForDevelopment: boolean;
}

interface Entry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

const place = 'node_modules/';

/** Every package of others in the lock file. */
export const readLockfile = (): readonly LockedPackage[] => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Entry>> };
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes(place) && link !== true)
    .map(([path, entry]) => ({
      name: path.slice(path.lastIndexOf(place) + place.length),
      version: entry.version ?? '',
      licence: entry.license ?? null,
      isHashed: entry.integrity !== undefined,
      isForDevelopment: entry.dev === true,
    }));
};
