import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { cacheDirectory } from './cache.ts';
import { restoreUtilFunctions, tensorflowEnvironment } from './compatibility.ts';
import {
  AddonAbsentError,
  AddonBrokenError,
  MainThreadOnlyError,
  TfjsNodeAbsentError,
  ThreadsFixedError,
} from './errors.ts';
import { readFailure } from './failure.ts';
import { findTfjsNode, type TfjsNode } from './find.ts';
import { withoutBanner } from './quiet.ts';
import { readStamp, writeStamp } from './stamp.ts';
import { verifyAddon } from './verify.ts';

/** The module `@tensorflow/tfjs-node`: all of tfjs, with the native backend chosen. */
export type TensorFlowNode = typeof import('@tensorflow/tfjs-node');

/** How to load native TensorFlow. */
export interface LoadOptions {
  /** Threads inside an op, and of ops at once. Default: as many as there are processors. Changes the rounding. */
  readonly threads?: number;
  /** Folder of the project whose tfjs-node is meant; default: the working folder. */
  readonly project?: string;
}

/** Set once something was loaded: TensorFlow reads its environment only then. */
let loadedThreads: number | 'all' | undefined;

/**
 * Loads `@tensorflow/tfjs-node`, about 0.35 s. It shares its engine with the `@tensorflow/tfjs` beside it, whose
 * backend becomes `tensorflow`. Never provisions: that is `provisionTensorFlow`'s. An addon that was never tried with
 * this Node is first tried in another process, since a broken one would take this one down.
 *
 * Every call of the module blocks its thread until it is done. TensorFlow's lines on stderr
 * are kept back where Paceline built the addon (`quiet.ts`).
 *
 * @throws TensorFlowRuntimeError: `addon-absent`, `addon-broken`, `tfjs-node-absent`, `main-thread-only`, `threads-fixed`.
 */
export async function loadTensorFlowNode(options: LoadOptions = {}): Promise<TensorFlowNode> {
  if (!isMainThread) {
    throw new MainThreadOnlyError();
  }
  const threads = options.threads ?? 'all';
  if (loadedThreads !== undefined && loadedThreads !== threads) {
    throw new ThreadsFixedError(String(threads), String(loadedThreads));
  }
  const tfjsNode = findTfjsNode(options.project);
  if (tfjsNode === undefined) {
    throw new TfjsNodeAbsentError('npm left it out, or it was never asked for');
  }
  await checkAddon(tfjsNode, cacheDirectory());
  return requireNow(tfjsNode, options.threads);
}

function requireNow(tfjsNode: TfjsNode, threads: number | undefined): TensorFlowNode {
  // Node hands these on to the C library's environment, where TensorFlow reads them.
  Object.assign(process.env, tensorflowEnvironment(threads));
  restoreUtilFunctions();
  try {
    const require = createRequire(join(tfjsNode.directory, 'package.json'));
    const load = () => require(tfjsNode.directory) as TensorFlowNode;
    const tf = withoutBanner(tfjsNode.addonPath, load);
    loadedThreads = threads ?? 'all';
    return tf;
  } catch (error) {
    throw new AddonBrokenError(
      `it could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

async function checkAddon({ directory, addonPath }: TfjsNode, cache: string): Promise<void> {
  if (!existsSync(addonPath)) {
    throw new AddonAbsentError(readFailure(cache)?.why);
  }
  const stamp = readStamp(cache, addonPath);
  if (stamp?.works === false) {
    throw new AddonBrokenError(stamp.why);
  }
  if (stamp === undefined) {
    const { version } = await verifyAddon({ directory, addonPath });
    await writeStamp(cache, addonPath, { works: true, version });
  }
}
