import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../support/run.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** The first Debian that has Compose v2; its programs run on older ones, too. */
const suite = 'trixie';

/** Whether packages of Debian can be fetched and believed here. */
export const canFetchFromDebian = (): boolean =>
  existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb') && existsSync(keyring);

/**
 * Fetches packages and unpacks them into a folder, without installing anything: apt gets lists, cache and sources of its
 * own below that folder, so that those of the machine stay as they are. It checks Debian's signatures as always. 5 s.
 */
export const unpackFromDebian = async (
  folder: string,
  packages: readonly string[],
): Promise<void> => {
  await mkdir(join(folder, 'state/lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  const sources = join(folder, 'debian.sources');
  await writeFile(sources, await sourcesText());
  const options = [
    ...['-o', `Dir::Etc::sourcelist=${sources}`, '-o', 'Dir::Etc::sourceparts=-'],
    ...['-o', `Dir::State=${join(folder, 'state')}`, '-o', 'Dir::State::status=/dev/null'],
    ...['-o', `Dir::Cache=${join(folder, 'cache')}`, '-o', 'APT::Sandbox::User=root'],
  ];
  await run('apt-get', [...options, 'update']);
  await run('apt-get', [...options, 'download', ...packages], { cwd: folder });
  for (const name of packages) {
    const script = `dpkg-deb --extract ${name}_*.deb root`;
    await run('sh', ['-c', script], { cwd: folder });
  }
};

const sourcesText = async (): Promise<string> =>
  [
    'Types: deb',
    `URIs: ${await mirror()}`,
    `Suites: ${suite}`,
    'Components: main',
    `Signed-By: ${keyring}`,
    '',
  ].join('\n');

/** The mirror that the machine uses. @throws Error when it has none of Debian */
const mirror = async (): Promise<string> => {
  const format = ['--format', '$(REPO_URI)', 'Created-By: Packages', 'Component: main'];
  const found = await run('apt-get', ['indextargets', ...format]);
  const uri = found.split('\n').find((each) => /\/debian\/?$/.test(each));
  if (uri === undefined) throw new Error('apt has no mirror of Debian here: see apt.sources(5)');
  return uri;
};
