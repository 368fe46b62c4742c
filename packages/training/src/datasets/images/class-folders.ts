/** Folders of images, one for each class. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingError, messageOf } from '../../errors.ts';

/** An image and its class. */
export interface ImageFile {
  readonly path: string;
  /** Below the folder of the split, with "/" on every system. */
  readonly name: string;
  /** A place in the list of classes. */
  readonly label: number;
}

/** What is in a folder. */
export interface ClassFolders {
  readonly files: readonly ImageFile[];
  /** Files that are no images by their names. */
  readonly others: number;
}

const isImage = /\.(png|jpe?g)$/i;

/** Names of the folders in `folder`, sorted by code units: the same on every machine. */
export function findClasses(folder: string): readonly string[] {
  const names = entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  if (names.length > 0) return names.sort(byUnits);
  throw new TrainingError('bad-data', `${folder} has no folders: one for each class is needed`, {
    data: { path: folder },
  });
}

/** The images in the folders of the classes, in the order of their names. A class without folder has none. */
export function listImages(folder: string, classes: readonly string[]): ClassFolders {
  const found = findClasses(folder);
  const unknown = found.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    const words = `${join(folder, unknown)}: the training images have no class ${JSON.stringify(unknown)}`;
    throw new TrainingError('bad-data', words, { data: { path: join(folder, unknown) } });
  }
  let others = 0;
  const files = classes.flatMap((name, label) => {
    if (!found.includes(name)) return [];
    const names = entriesOf(join(folder, name))
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
    const images = names.filter((each) => isImage.test(each)).sort(byUnits);
    others += names.length - images.length;
    return images.map((each) => ({
      path: join(folder, name, each),
      name: `${name}/${each}`,
      label,
    }));
  });
  return { files, others };
}

function entriesOf(folder: string): ReturnType<typeof readDirectory> {
  try {
    return readDirectory(folder);
  } catch (error) {
    throw new TrainingError('missing-data', `${folder} cannot be read: ${messageOf(error)}`, {
      data: { path: folder },
      cause: error,
    });
  }
}

function readDirectory(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
