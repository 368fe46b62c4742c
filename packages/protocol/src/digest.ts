import { createHash } from 'node:crypto';

import { canonicalJson } from './json.ts';

/** SHA-256 (lower-case hex) of the canonical JSON of a plain value: the same for equal values, however they were written. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}
