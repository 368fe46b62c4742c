import { existsSync } from 'node:fs';

import { run } from '../container/run.ts';

const programs = [
  ...['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch', '/usr/sbin/munged'],
  ...['/usr/bin/shellcheck', '/usr/bin/unshare', '/usr/bin/setpriv'],
];
const packages = [
  ...['slurmctld', 'slurmd', 'slurm-client', 'munge', 'shellcheck', 'iproute2', 'util-linux'],
];

/** Whether a Slurm can be installed and started here: it takes root, Debian's package manager and namespaces. */
export const canRunSlurm = (): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Installs Debian's Slurm, munge and shellcheck; 12 s, the first time. */
export async function installSlurm(): Promise<void> {
  if (programs.every((path) => existsSync(path))) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '--yes', '--no-install-recommends', ...packages];
  try {
    await run('apt-get', args, { env });
  } catch {
    // The lists of packages may be absent, or older than the mirror.
    await run('apt-get', ['update'], { env });
    await run('apt-get', args, { env });
  }
}
