import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { runNpm } from './npm.js';
import { root } from './root.js';
import { readStamp, updateStamp } from './stamp.js';
import { BootstrapError, say, seconds } from './words.js';

/** Runs `npm ci` unless the packages that the lock file names are installed already. */
export async function installPackages() {
  const key = packagesKey();
  if (readStamp().packages === key) {
    return;
  }
  if (!isLockInstalled()) {
    await withLock('another installation of the packages', async () => {
      // Whoever held the lock before may have done it.
      if (readStamp().packages !== key) {
        await install();
      }
    });
  }
  updateStamp({ packages: key });
}

async function install() {
  const startMs = performance.now();
  say('Installing the packages (npm ci) ...');
  const { code, output } = await runNpm([
    'ci',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]);
  if (code !== 0) {
    const tail = withoutUsage(output).trimEnd().split('\n').slice(-25).join('\n');
    throw new BootstrapError(
      `${tail}\n\nnpm ci failed: the packages could not be installed. Its last lines are above.`,
    );
  }
  say(`Installed the packages in ${seconds(startMs)}`);
}

/** npm says how it is used after what is wrong. */
function withoutUsage(output) {
  return output.split(/^npm (?:error|ERR!) (?:Clean install a project|Usage:)/mu)[0] ?? output;
}

/** Changes with the lock file and with every package.json of the repository. */
function packagesKey() {
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', 'package.json', ...workspaceManifests()]) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function workspaceManifests() {
  return ['packages', 'apps']
    .flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
    )
    .filter((path) => existsSync(join(root, path)))
    .sort();
}

/**
 * Whether somebody has run `npm install` or `npm ci` by hand: then npm's own record in node_modules has every package
 * that the lock file demands, in its version. Optional ones may be missing: they are for other machines.
 */
function isLockInstalled() {
  const installed = readPackages(join('node_modules', '.package-lock.json'));
  if (installed === undefined) {
    return false;
  }
  return Object.entries(readPackages('package-lock.json') ?? {})
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, wanted]) => {
      const present = installed[path];
      return present === undefined
        ? wanted.optional === true || wanted.devOptional === true
        : present.version === wanted.version && present.link === wanted.link;
    });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
