import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isTensorFlowBanner } from './compatibility.ts';

/** The small addon that a build puts beside tfjs-node's; its source is `native/stderr.cc`. */
export const stderrAddon = 'paceline_stderr.node';

interface StderrHolder {
  hold(): boolean;
  release(): string;
}

/**
 * Runs the work, which must be synchronous, and keeps from stderr the two lines that TensorFlow writes while it is
 * loaded, whatever the log level. All else that is written meanwhile, by whomever, appears when the work is done.
 * Where the addon was not built by us there is nothing to do it with, and the lines appear.
 */
export function withoutBanner<T>(addonPath: string, work: () => T): T {
  const holder = loadHolder(addonPath);
  if (holder?.hold() !== true) {
    return work();
  }
  try {
    return work();
  } finally {
    const kept = holder
      .release()
      .split('\n')
      .filter((line) => !isTensorFlowBanner(line));
    process.stderr.write(kept.join('\n'));
  }
}

function loadHolder(addonPath: string): StderrHolder | undefined {
  const path = join(dirname(realpathSync(addonPath)), stderrAddon);
  return existsSync(path) ? (createRequire(import.meta.url)(path) as StderrHolder) : undefined;
}
