import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The user of the images; all files below the folder become its own, with the rights that they have. */
const user = 1000;

/** Lets the images read a folder of this machine that is mounted into them. */
export const readableByImages = async (folder: string): Promise<void> => {
  const names = await readdir(folder, { recursive: true });
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    await chown(path, user, 0);
  }
};
