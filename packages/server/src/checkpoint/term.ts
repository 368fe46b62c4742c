import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainDiskError, systemCode } from './disk-errors.ts';
import { syncFolder } from './files.ts';
import { parseFolderName, termName } from './folder-names.ts';

/**
 * Takes the next term of a folder. A term is an empty file `term-N`: it can be neither torn nor damaged, and of two
 * servers only one can make it. Greater than every term before, and than `least`. Where the disk does not take the
 * file, a notice says so. Blocks.
 */
export function takeTerm(
  folder: string,
  least: number,
): { readonly term: number; readonly notice?: string } {
  let term = Math.max(least, ...termsIn(folder)) + 1;
  try {
    while (!mark(folder, term)) term = Math.max(term, ...termsIn(folder)) + 1;
    syncFolder(folder);
    for (const old of termsIn(folder)) {
      if (old < term) rmSync(join(folder, termName(old)), { force: true });
    }
    return { term };
  } catch (error) {
    const words = `term ${String(term)} could not be written down`;
    return { term, notice: `${words}: ${explainDiskError(error, folder)}` };
  }
}

/** Makes the file of a term; false when another server took this term, or one after it. */
function mark(folder: string, term: number): boolean {
  try {
    closeSync(openSync(join(folder, termName(term)), 'wx'));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  // One that took a later term may have removed the file of this one, which could then be made twice.
  return Math.max(...termsIn(folder)) === term;
}

function termsIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .map(parseFolderName)
    .flatMap((name) => (name?.kind === 'term' ? [name.term] : []));
}
