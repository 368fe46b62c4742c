import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { PacelineError } from '../errors.ts';

/**
 * The URL of the module that registers classes. It is loaded here once, so that what is wrong with it is said before any
 * process starts.
 *
 * @throws PacelineError `bad-option`
 */
export async function findSetup(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const url = /^(file|data):/.test(given) ? given : pathToFileURL(resolve(given)).href;
  const found = await load(url);
  if (typeof found.setup === 'function') return url;
  throw bad(`${given} has no export setup. Export a function: export function setup(tf) { ... }`);
}

async function load(url: string): Promise<{ readonly setup?: unknown }> {
  try {
    return (await import(url)) as { readonly setup?: unknown };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw bad(`${url} cannot be loaded: ${words}`, { cause });
  }
}

function bad(reason: string, options?: ErrorOptions): PacelineError {
  return new PacelineError('bad-option', `The option setup: ${reason}`, options);
}
