/** Folders of images, one for each class. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingError, messageOf } from '../../errors.ts';
import { leftOut } from '../filter/left-out.ts';

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
  /** What was left out. */
  readonly notices: readonly string[];
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

/**
 * The images in the folders of the classes, in the order of their names. A class without folder has none; folders of other
 * classes are refused, or left out.
 * @throws {TrainingError} `bad-data`
 */
export function listImages(
  folder: string,
  {
    classes,
    others,
  }: { readonly classes: readonly string[]; readonly others: 'refused' | 'left out' },
): ClassFolders {
  const found = findClasses(folder);
  const unknown = found.filter((name) => !classes.includes(name));
  const [first] = unknown;
  if (first !== undefined && others === 'refused') {
    const words = `${join(folder, first)}: the training images have no class ${JSON.stringify(first)}`;
    throw new TrainingError('bad-data', words, { data: { path: join(folder, first) } });
  }
  let noImages = 0;
  const filesOf = (name: string, label: number): readonly ImageFile[] => {
    const { images, rest } = namesIn(join(folder, name));
    noImages += rest;
    return images.map((each) => ({
      path: join(folder, name, each),
      name: `${name}/${each}`,
      label,
    }));
  };
  const files = classes.flatMap((name, label) =>
    found.includes(name) ? filesOf(name, label) : [],
  );
  const unwanted = unknown.reduce(
    (sum, name) => sum + namesIn(join(folder, name)).images.length,
    0,
  );
  const ignored =
    noImages === 0 ? [] : [`${folder}: ${String(noImages)} files are neither .png nor .jpg`];
  return { files, notices: [...ignored, ...leftOut(unwanted, 'classes')] };
}

/** Names of the images in a folder, sorted; and how many other files it has. */
function namesIn(folder: string): { readonly images: readonly string[]; readonly rest: number } {
  const names = entriesOf(folder)
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  const images = names.filter((each) => isImage.test(each)).sort(byUnits);
  return { images, rest: names.length - images.length };
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
