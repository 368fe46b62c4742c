import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorFlowRuntimeError } from './errors.ts';

/** Why the last set-up on this machine did not succeed. */
export interface RememberedFailure {
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
}

const file = 'last-failure.json';

/** Keeps the reason, so that a later start can say it without trying again. Where nothing can be written, nothing is kept. */
export async function rememberFailure(
  cache: string,
  { code, why, remedy }: TensorFlowRuntimeError,
): Promise<void> {
  await writeFile(join(cache, file), JSON.stringify({ code, why, remedy })).catch(() => undefined);
}

/** A set-up succeeded. */
export async function forgetFailure(cache: string): Promise<void> {
  await rm(join(cache, file), { force: true }).catch(() => undefined);
}

/** The reason, or undefined if the last set-up succeeded or there was none. */
export function readFailure(cache: string): RememberedFailure | undefined {
  try {
    return JSON.parse(readFileSync(join(cache, file), 'utf8')) as RememberedFailure;
  } catch {
    return undefined;
  }
}
