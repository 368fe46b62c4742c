/** Files by what a job calls them. */
import { isWebAddress, resolvePlace } from '../http/address.ts';
import { openRemoteFile } from '../http/remote-file.ts';
import { openDiskFile } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

/**
 * Opens a file by its path, relative to the working directory, or by its address on the web.
 * @throws {TrainingError} `missing-data` when it cannot be opened or is a folder.
 */
export function openStoredFile(place: string): StoredFile {
  const path = resolvePlace(place);
  return isWebAddress(path) ? openRemoteFile(path) : openDiskFile(path);
}

/** The whole of it, where it is needed in memory. @throws {TrainingError} as {@link openStoredFile} */
export function readWholeFile(place: string): Uint8Array {
  const file = openStoredFile(place);
  try {
    const bytes = new Uint8Array(file.size);
    file.readAt(bytes, 0);
    return bytes;
  } finally {
    file.close();
  }
}
