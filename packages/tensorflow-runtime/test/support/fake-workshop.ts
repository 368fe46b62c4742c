import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addonPlace, libraryPlace } from '../../src/cache.ts';
import type { Platform } from '../../src/platform.ts';
import type { Workshop } from '../../src/workshop.ts';

/** A platform whose wheel is ten bytes. */
export const fakePlatform: Platform = {
  name: 'linux-x64',
  hasPrebuiltAddon: false,
  wheel: {
    package: 'tensorflow-cpu',
    version: '9.9.9',
    tag: 'fake',
    sha256: 'f'.repeat(64),
    bytes: 10,
    libraries: ['libone.so', 'libtwo.so'],
    libraryBytes: 20,
  },
};

export interface FakeWorkshop extends Workshop {
  /** The slow things that were done, in order. */
  readonly done: string[];
}

/** A workshop whose every tool works at once, on a project folder with a tfjs-node of a few bytes. */
export function createFakeWorkshop(project: string, changes: Partial<Workshop> = {}): FakeWorkshop {
  const done: string[] = [];
  const directory = join(project, 'tfjs-node');
  return {
    done,
    findTfjsNode: () =>
      existsSync(directory)
        ? { directory, version: '4.22.0', addonPath: join(directory, addonPlace) }
        : undefined,
    findTfjs: () => ({ directory: join(project, 'tfjs'), version: '4.22.0' }),
    findPip: () => Promise.resolve({ program: 'pip', args: [] }),
    findCompiler: () => Promise.resolve('g++'),
    async bringTfjsNode() {
      done.push('bring');
      await createTfjsNode(project);
    },
    async runInstallScript({ workDirectory }) {
      done.push('install-script');
      await makeResult(workDirectory);
    },
    async downloadWheel(_wheel, { workDirectory }) {
      done.push('download');
      const file = join(workDirectory, 'some.whl');
      await writeFile(file, '0123456789');
      return file;
    },
    async buildAddon({ workDirectory }) {
      done.push('build');
      await makeResult(workDirectory);
    },
    verifyAddon() {
      done.push('verify');
      return Promise.resolve({ version: '9.9.9', error: 0 });
    },
    ...changes,
  };
}

/** Puts the part of tfjs-node into the project that the set-up looks at. */
export async function createTfjsNode(project: string): Promise<void> {
  await mkdir(join(project, 'tfjs-node', 'binding'), { recursive: true });
  await writeFile(join(project, 'tfjs-node', 'binding', 'addon.cc'), 'int addon;');
}

/** What a build or an install script leaves. */
export async function makeResult(workDirectory: string): Promise<void> {
  await mkdir(join(workDirectory, 'lib', 'napi-v8'), { recursive: true });
  await mkdir(join(workDirectory, libraryPlace), { recursive: true });
  await writeFile(join(workDirectory, addonPlace), 'addon');
  await writeFile(join(workDirectory, libraryPlace, 'libone.so'), 'one');
  await writeFile(join(workDirectory, libraryPlace, 'libtwo.so'), 'two');
}
