import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

import { PacelineError } from '../errors.ts';
import { explainImportError } from './import-error.ts';
import { resolveOwnPackage } from './resolve-own-package.ts';

const codeExtensions = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/**
 * Reads what a job file defines: the default export of a module, or the whole of a JSON file. Nothing is
 * checked yet; that is `parseJob`'s work. A module is run once a process, however often it is asked for.
 *
 * @throws PacelineError `job-unreadable`, `job-syntax`, `job-typescript`, `job-import`, `job-threw`,
 *   `job-no-default-export`
 */
export async function readDefinition(file: string): Promise<unknown> {
  const extension = extname(file);
  if (extension === '.json') return readJson(file);
  if (codeExtensions.includes(extension)) return readModule(file);
  throw new PacelineError(
    'job-unreadable',
    `${file}: a job is a .ts, .js, .mjs or .json file, and this ends in "${extension}".`,
  );
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PacelineError('job-unreadable', `${file} cannot be read: ${String(cause)}`, {
      cause,
    });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PacelineError('job-syntax', `${file}: ${message}`, { cause });
  }
}

async function readModule(file: string): Promise<unknown> {
  resolveOwnPackage();
  const url = pathToFileURL(file).href;
  const module = (await import(url).catch((cause: unknown) => {
    throw explainImportError(file, cause);
  })) as Readonly<Record<string, unknown>>;
  if (module['default'] === undefined) {
    throw new PacelineError(
      'job-no-default-export',
      `${file} has no default export. It must say: export default defineJob({ ... });`,
    );
  }
  return module['default'];
}
