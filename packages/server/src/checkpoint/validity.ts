import { statSync } from 'node:fs';
import { join } from 'node:path';
import { manifestName } from './manifest.ts';
import type { CheckedCheckpoint } from './read-checkpoint.ts';
import { checkCheckpoint } from './read-checkpoint.ts';

/** Knows which checkpoints are whole without reading all of them again at each write. */
export interface Validity {
  /** Blocks for as long as it takes to read the checkpoint, the first time and after anything touched its files. */
  isValid(path: string): boolean;
  /** Takes it for whole, until something touches its files: it was just checked, or written. */
  trust(checked: CheckedCheckpoint): void;
}

/** Creates one that knows nothing yet. What it cannot read does not count as whole. */
export function createValidity(): Validity {
  const known = new Map<string, { readonly checked: CheckedCheckpoint; readonly traces: string }>();
  const trust = (checked: CheckedCheckpoint): void => {
    known.set(checked.path, { checked, traces: tracesOf(checked) });
  };
  const isUntouched = (path: string): boolean => {
    const before = known.get(path);
    if (before === undefined) return false;
    return before.traces === tracesOf(before.checked);
  };
  return {
    trust,
    isValid(path) {
      try {
        if (isUntouched(path)) return true;
        known.delete(path);
        trust(checkCheckpoint(path));
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** What the file system remembers of the last change of each file. */
function tracesOf({ path, files }: CheckedCheckpoint): string {
  const names = [manifestName, ...files.map(({ name }) => name)];
  return names
    .map((name) => statSync(join(path, name), { bigint: true, throwIfNoEntry: false }))
    .map((stat) => `${stat?.ino} ${stat?.size} ${stat?.mtimeNs} ${stat?.ctimeNs}`)
    .join();
}
