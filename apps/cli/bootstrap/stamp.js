import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

// Inside node_modules, so that it goes when they go.
const path = join(root, 'node_modules', '.paceline-setup.json');

/**
 * What was made ready, as far as it is remembered.
 * @returns {{ packages?: string, backend?: object }}
 */
export function readStamp() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/** Remembers more; a stamp is either the old or the new one, never half of it. */
export function updateStamp(facts) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...readStamp(), ...facts }));
  renameSync(draft, path);
}
