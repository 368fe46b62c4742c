import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addonPlace, checkRoom, commitEntry, createWorkDirectory } from './cache.ts';
import { keepWheel, keptWheelName } from './download.ts';
import {
  AddonBrokenError,
  InstallScriptError,
  TfjsNodeAbsentError,
  ToolAbsentError,
  UnpackError,
  UnsupportedPlatformError,
} from './errors.ts';
import { compilerNames, pipCommands, type TfjsNode } from './find.ts';
import { linkEntry } from './link.ts';
import { thisOwner } from './owner.ts';
import type { Step } from './plan.ts';
import { keptWheel, type Session } from './session.ts';
import { removeStamp, writeStamp, type Stamp } from './stamp.ts';

/** Headers, objects and pip's own copy, on top of the wheel and the libraries. */
const spareBytes = 100_000_000;

/** Does one step of the plan. Throws when it cannot be done and nothing else would help. */
export async function act(session: Session, step: Step): Promise<void> {
  switch (step.do) {
    case 'done':
      return;
    case 'bring-tfjs-node':
      return bring(session);
    case 'verify':
      return verifyInPlace(session, tfjsNodeOf(session));
    case 'link':
      return link(session, tfjsNodeOf(session));
    case 'forget-entry':
      session.log('The native backend in the cache does not work any more: making it anew');
      return rm(join(session.cache, session.key), { recursive: true, force: true });
    case 'try-install-script':
      return tryInstallScript(session, tfjsNodeOf(session));
    case 'find-tools':
      return findTools(session);
    case 'download':
      return download(session);
    case 'build':
      return build(session, tfjsNodeOf(session));
    case 'fail':
      throw failure(session, step.code);
  }
}

async function bring(session: Session): Promise<void> {
  const tfjs = session.workshop.findTfjs(session.project);
  if (tfjs === undefined) {
    throw new TfjsNodeAbsentError('and neither is @tensorflow/tfjs, whose version it must have');
  }
  session.log(`Bringing @tensorflow/tfjs-node ${tfjs.version}, which npm left out`);
  await withWorkDirectory(session, (workDirectory) =>
    session.workshop.bringTfjsNode({ tfjs, workDirectory, signal: session.signal }),
  );
  if (session.workshop.findTfjsNode(session.project) === undefined) {
    throw new TfjsNodeAbsentError('npm brought it, but it is not where it should be');
  }
}

async function verifyInPlace(session: Session, tfjsNode: TfjsNode): Promise<void> {
  session.verdict = await tryAddon(session, tfjsNode);
  if (!session.verdict.works) {
    session.log(session.verdict.why);
  }
  await writeStamp(session.cache, tfjsNode.addonPath, session.verdict);
}

async function tryAddon(session: Session, tfjsNode: TfjsNode): Promise<Stamp> {
  const { directory, addonPath } = tfjsNode;
  const { signal, workshop } = session;
  try {
    const { version } = await workshop.verifyAddon({ directory, addonPath, signal });
    return { works: true, version };
  } catch (error) {
    if (error instanceof AddonBrokenError) {
      return { works: false, why: error.why };
    }
    throw error;
  }
}

async function link(session: Session, tfjsNode: TfjsNode): Promise<void> {
  if (session.entry !== undefined) {
    await linkEntry(session.entry, tfjsNode);
    session.verdict = undefined;
    session.how = session.how === 'present' ? 'relinked' : session.how;
  }
}

async function tryInstallScript(session: Session, tfjsNode: TfjsNode): Promise<void> {
  session.hasTriedPrebuilt = true;
  try {
    await withWorkDirectory(session, async (workDirectory) => {
      const { workshop, signal } = session;
      await workshop.runInstallScript({ tfjsNode, workDirectory, signal });
      await commitVerified(session, tfjsNode, workDirectory);
    });
    session.how = 'install-script';
  } catch (error) {
    if (!(error instanceof InstallScriptError || error instanceof AddonBrokenError)) {
      throw error;
    }
    session.log(`${error.why}. Trying to build the addon`);
  }
}

async function findTools(session: Session): Promise<void> {
  const [pip, compiler] = await Promise.all([
    session.workshop.findPip(session.signal),
    session.workshop.findCompiler(session.signal),
  ]);
  session.tools = { pip, compiler };
}

async function download(session: Session): Promise<void> {
  const wheel = session.platform.wheel;
  const pip = session.tools?.pip;
  if (wheel === undefined || pip === undefined) {
    return;
  }
  // pip copies the wheel from its temporary folder to its target.
  await checkRoom(session.cache, 2 * wheel.bytes + wheel.libraryBytes + spareBytes);
  session.log(
    `Downloading the libraries of ${wheel.package} ${wheel.version} (${String(Math.round(wheel.bytes / 1e6))} MB)`,
  );
  await withWorkDirectory(session, async (workDirectory) => {
    const { workshop, signal, onProgress } = session;
    const file = await workshop.downloadWheel(wheel, { pip, workDirectory, signal, onProgress });
    await keepWheel(file, join(session.cache, keptWheelName(wheel)));
  });
}

async function build(session: Session, tfjsNode: TfjsNode): Promise<void> {
  const wheel = session.platform.wheel;
  const compiler = session.tools?.compiler;
  const wheelFile = keptWheel(session);
  if (wheel === undefined || compiler === undefined || wheelFile === undefined) {
    return;
  }
  await checkRoom(session.cache, wheel.libraryBytes + spareBytes);
  session.log(`Building the addon with ${compiler}`);
  try {
    await withWorkDirectory(session, async (workDirectory) => {
      const { workshop, signal, onProgress } = session;
      const how = { tfjsNode, wheel, wheelFile, compiler, workDirectory, signal, onProgress };
      await workshop.buildAddon(how);
      await commitVerified(session, tfjsNode, workDirectory);
    });
  } catch (error) {
    if (error instanceof UnpackError) {
      await rm(wheelFile, { force: true });
    }
    throw error;
  }
  await rm(wheelFile, { force: true });
  session.how = 'built';
}

/** Only what computed the known gradient enters the cache. */
async function commitVerified(session: Session, tfjsNode: TfjsNode, work: string): Promise<void> {
  const { directory } = tfjsNode;
  const addonPath = join(work, addonPlace);
  const { version } = await session.workshop.verifyAddon({
    directory,
    addonPath,
    signal: session.signal,
  });
  await commitEntry(work, session.cache, session.key, version);
  const place = join(session.cache, session.key, addonPlace);
  await removeStamp(session.cache, place);
  await writeStamp(session.cache, place, { works: true, version });
}

async function withWorkDirectory(
  session: Session,
  work: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await createWorkDirectory(session.cache, thisOwner());
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function failure({ platform }: Session, code: FailureCode): Error {
  const pips = pipCommands.map(({ program, args }) => [program, ...args].join(' '));
  switch (code) {
    case 'platform-unsupported':
      return new UnsupportedPlatformError(platform.name);
    case 'pip-absent':
      return new ToolAbsentError(code, pips);
    case 'compiler-absent':
      return new ToolAbsentError(code, compilerNames);
    case 'tools-absent':
      return new ToolAbsentError(code, [...pips, ...compilerNames]);
  }
}

type FailureCode = Extract<Step, { readonly do: 'fail' }>['code'];

function tfjsNodeOf({ tfjsNode }: Session): TfjsNode {
  if (tfjsNode === undefined) {
    throw new TfjsNodeAbsentError('it has just disappeared');
  }
  return tfjsNode;
}
