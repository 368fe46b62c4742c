import { existsSync } from 'node:fs';

import { run } from './run.ts';

/** Whether Debian's packages can be installed here: it takes root and apt-get. */
export const canInstallPackages = (): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Installs Debian's `packages`, unless all of `programs` (by path) are there. About 10 s. */
export const installPackages = async (o: {
  readonly packages: readonly string[];
  readonly programs: readonly string[];
}): Promise<void> => {
  if (o.programs.every((path) => existsSync(path))) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '--yes', '--no-install-recommends', ...o.packages];
  try {
    await run('apt-get', args, { env });
  } catch {
    // The lists of packages may be absent, or older than the mirror.
    await run('apt-get', ['update'], { env });
    await run('apt-get', args, { env });
  }
};
