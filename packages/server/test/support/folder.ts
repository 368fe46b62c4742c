import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when it goes out of scope. */
export function openTestFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'paceline-checkpoints-'));
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
