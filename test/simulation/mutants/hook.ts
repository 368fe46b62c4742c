import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './table.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The source of a mutant's file, as it is. */
export function readOriginal({ file }: Mutant): string {
  return readFileSync(join(root, file), 'utf8');
}

/** From now on this process loads the mutant's file broken. Must come before the file is imported. */
export function installMutant(mutant: Mutant): void {
  const target = pathToFileURL(join(root, mutant.file)).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const source = readOriginal(mutant).replace(mutant.find, () => mutant.replace);
      return { ...loaded, source };
    },
  });
}
