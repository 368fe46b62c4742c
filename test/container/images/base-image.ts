import { chmod, chown, copyFile, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DockerEngine } from '../engine/engine.ts';
import { run } from '../../support/run.ts';

/** Name of the image that {@link importBaseImage} makes. */
export const baseImage = 'paceline-test-base';
const busybox = '/bin/busybox';
/** The user of the official Node images, whose number the Dockerfile takes. */
const userId = 1000;

/**
 * Makes a base image for the Dockerfile without any registry: this Node, busybox as the shell, and the libraries that the
 * dynamic loader finds for them and for the files in `alsoNeeds`. 2 s, 134 MB.
 */
export const importBaseImage = async (
  engine: DockerEngine,
  alsoNeeds: readonly string[],
): Promise<void> => {
  const root = join(engine.folder, 'base');
  await copyPrograms(root, alsoNeeds);
  await writeUsers(root);
  const archive = join(engine.folder, 'base.tar');
  await run('tar', ['-C', root, '-cf', archive, '.']);
  await engine.docker(['import', '--change', 'ENV PATH=/usr/local/bin:/bin', archive, baseImage]);
};

const copyPrograms = async (root: string, alsoNeeds: readonly string[]): Promise<void> => {
  const node = await realpath(process.execPath);
  await copy(node, join(root, 'usr/local/bin/node'));
  await copy(busybox, join(root, busybox));
  const applets = (await run(busybox, ['--list'])).split('\n');
  for (const applet of applets.filter((word) => word !== '' && word !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', applet));
  }
  for (const library of await librariesOf([node, busybox, ...alsoNeeds])) {
    await copy(library, join(root, library));
  }
};

/** What `ldd` finds in the system's folders: `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x...)`. */
const librariesOf = async (files: readonly string[]): Promise<ReadonlySet<string>> => {
  // A static program makes ldd fail, with nothing to copy.
  const outputs = await Promise.all(files.map((file) => run('ldd', [file]).catch(() => '')));
  const found = outputs.join('\n').matchAll(/(?:^\s*|=> )(\/(?:usr\/)?lib\S*) \(0x/gm);
  return new Set([...found].map(([, path = '']) => path));
};

const writeUsers = async (root: string): Promise<void> => {
  const users = `root:x:0:0::/root:/bin/sh\nnode:x:${userId}:${userId}::/home/node:/bin/sh\n`;
  const home = join(root, 'home/node');
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc/passwd'), users);
  await mkdir(home, { recursive: true });
  await chown(home, userId, userId);
  await mkdir(join(root, 'tmp'));
  await chmod(join(root, 'tmp'), 0o1777);
};

const copy = async (source: string, target: string): Promise<void> => {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
};
