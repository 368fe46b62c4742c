import { openSync, writeSync } from 'node:fs';

/** How long the worker's word holds; it is given again every second. */
const holdsMs = 10_000;

/**
 * Opens the file in which a worker says until when it is well, in milliseconds since 1970: the check of a container reads
 * it, as nobody can connect to a worker. The function that is returned says so from `wallMs` on.
 *
 * @throws the system's error when the file cannot be written
 */
export function openHealthFile(file: string): (wallMs: number) => void {
  const descriptor = openSync(file, 'w');
  // Over the old number and of its length: whoever reads sees one or the other.
  return (wallMs) => writeSync(descriptor, String(Math.round(wallMs + holdsMs)), 0);
}
