import { installPackages } from '../support/debian.ts';

/** Installs Debian's Slurm, munge and shellcheck, and what makes virtual nodes; 12 s, the first time. */
export const installSlurm = (): Promise<void> =>
  installPackages({
    packages: [
      ...['slurmctld', 'slurmd', 'slurm-client', 'munge', 'shellcheck', 'iproute2', 'util-linux'],
    ],
    programs: [
      ...['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch', '/usr/sbin/munged'],
      ...['/usr/bin/shellcheck', '/usr/bin/unshare', '/usr/bin/setpriv'],
    ],
  });
