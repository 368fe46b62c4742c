import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { entryKey, findEntry, type CacheEntry } from './cache.ts';
import { keptWheelName } from './download.ts';
import type { Command, TfjsNode } from './find.ts';
import { isLinked } from './link.ts';
import type { Found } from './plan.ts';
import type { Platform } from './platform.ts';
import type { Progress } from './progress.ts';
import { readStamp, type Stamp } from './stamp.ts';
import type { Workshop } from './workshop.ts';

/** What had to be done: nothing, a link to what the cache had, tfjs-node's own script, or the build. */
export type How = 'present' | 'relinked' | 'install-script' | 'built';

/** What does not change during a set-up. */
export interface Surroundings {
  readonly project: string;
  readonly cache: string;
  readonly platform: Platform;
  readonly workshop: Workshop;
  readonly signal: AbortSignal | undefined;
  log(line: string): void;
  onProgress(progress: Progress): void;
}

/** One set-up: its surroundings and what it has learnt and done so far. */
export interface Session extends Surroundings {
  how: How;
  /** TensorFlow's version, once something was verified. */
  version: string;
  tfjsNode: TfjsNode | undefined;
  /** Name of the cache entry for this tfjs-node on this platform. */
  key: string;
  entry: CacheEntry | undefined;
  /** What trying the addon in place showed, in case the cache cannot keep it. */
  verdict: Stamp | undefined;
  hasTriedPrebuilt: boolean;
  tools: { readonly pip: Command | undefined; readonly compiler: string | undefined } | undefined;
}

/** Creates the state of a set-up that has not begun. */
export function createSession(surroundings: Surroundings): Session {
  return {
    ...surroundings,
    how: 'present',
    version: 'unknown',
    tfjsNode: undefined,
    key: '',
    entry: undefined,
    verdict: undefined,
    hasTriedPrebuilt: false,
    tools: undefined,
  };
}

/** Looks at what there is, by stat alone, and notes it in the session. */
export function look(session: Session): Found {
  const { platform, workshop, project, cache } = session;
  const tfjsNode = workshop.findTfjsNode(project);
  session.tfjsNode = tfjsNode;
  session.key = tfjsNode === undefined ? '' : entryKey(platform, tfjsNode);
  session.entry = tfjsNode === undefined ? undefined : findEntry(cache, session.key);
  return {
    tfjsNode: tfjsNode !== undefined,
    addon: tfjsNode === undefined ? 'absent' : lookAtAddon(session, tfjsNode),
    cached: session.entry !== undefined,
    linked:
      session.entry !== undefined && tfjsNode !== undefined && isLinked(session.entry, tfjsNode),
    prebuilt: prebuiltState(session),
    wheelExists: platform.wheel !== undefined,
    wheelDownloaded: keptWheel(session) !== undefined,
    tools:
      session.tools === undefined
        ? undefined
        : { pip: session.tools.pip !== undefined, compiler: session.tools.compiler !== undefined },
  };
}

/** The wheel that an earlier set-up fetched and checked but did not come to build with. */
export function keptWheel({ cache, platform }: Session): string | undefined {
  if (platform.wheel === undefined) {
    return undefined;
  }
  const path = join(cache, keptWheelName(platform.wheel));
  return statSync(path, { throwIfNoEntry: false })?.size === platform.wheel.bytes
    ? path
    : undefined;
}

function lookAtAddon(session: Session, tfjsNode: TfjsNode): Found['addon'] {
  if (!existsSync(tfjsNode.addonPath)) {
    return 'absent';
  }
  if (isOutdated(session, tfjsNode)) {
    return 'broken';
  }
  const stamp = readStamp(session.cache, tfjsNode.addonPath) ?? session.verdict;
  if (stamp?.works === true) {
    session.version = stamp.version;
    return 'verified';
  }
  return stamp === undefined ? 'unverified' : 'broken';
}

/** The addon is one of this cache's, but not of the entry that it should be of, or that entry is not whole. */
function isOutdated({ cache, entry }: Session, tfjsNode: TfjsNode): boolean {
  const isOfCache = dirname(realpathSync(tfjsNode.addonPath)).startsWith(join(cache, sep));
  return isOfCache && (entry === undefined || !isLinked(entry, tfjsNode));
}

function prebuiltState({ platform, hasTriedPrebuilt }: Session): Found['prebuilt'] {
  if (!platform.hasPrebuiltAddon) {
    return 'none';
  }
  return hasTriedPrebuilt ? 'failed' : 'untried';
}
