import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../architecture/workspace.ts';
import { baseImage, importBaseImage } from './base-image.ts';
import type { DockerEngine } from '../engine/engine.ts';
import { run } from '../../support/run.ts';

/** The targets of deploy/docker/Dockerfile. */
export type Target = 'server' | 'worker-wasm' | 'worker';

/** What each needs of deploy/docker/assemble.js. */
const partsOf: Readonly<Record<Target, readonly string[]>> = {
  server: ['server'],
  'worker-wasm': ['worker'],
  worker: ['worker', 'native', 'libraries'],
};

const tfjsNode = join(root, 'node_modules/@tensorflow/tfjs-node');
const nativeFiles = [
  join(tfjsNode, 'lib/napi-v8/tfjs_binding.node'),
  join(tfjsNode, 'deps/lib/libtensorflow_cc.so.2'),
];

/** Whether native TensorFlow was set up in this repository, so that it can go into an image. */
export const hasNativeTensorFlow = (): boolean => nativeFiles.every((file) => existsSync(file));

/** The targets that can be built here. */
export const buildableTargets = (): readonly Target[] => [
  'server',
  'worker-wasm',
  ...(hasNativeTensorFlow() ? (['worker'] as const) : []),
];

/** The images of the given targets are `imageOf(target)` in that engine. */
export const imageOf = (target: Target): string => `paceline-test-${target}`;

/**
 * Builds images with the repository's Dockerfile, without a network. What would need one happens here, on the host: the
 * packages are those of `node_modules`, TensorFlow that of `paceline setup`.
 */
export const buildImages = async (
  engine: DockerEngine,
  targets: readonly Target[],
): Promise<void> => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-b', 'packages/paceline'], { cwd: root });
  const needsNative = targets.includes('worker');
  await importBaseImage(engine, needsNative ? nativeFiles : []);
  for (const target of targets) await buildImage(engine, target);
};

/** The version that {@link buildNewerServer} gives to its image; the others have that of the Dockerfile. */
export const newerVersion = '0.1.1-test';

/** Builds the server's image once more as that of another version, from what `buildImages` gathered; gives its name. */
export const buildNewerServer = async (engine: DockerEngine): Promise<string> => {
  const name = `${imageOf('server')}-newer`;
  await runBuild(engine, 'server', ['--build-arg', `VERSION=${newerVersion}`, '--tag', name]);
  return name;
};

const contextOf = ({ folder }: DockerEngine, target: Target): string =>
  join(folder, `context-${target}`);

const buildImage = async (engine: DockerEngine, target: Target): Promise<void> => {
  const context = contextOf(engine, target);
  await mkdir(context);
  await copyFile(join(root, 'deploy/docker/Dockerfile'), join(context, 'Dockerfile'));
  const assemble = join(root, 'deploy/docker/assemble.js');
  await run(process.execPath, [assemble, join(context, 'images'), ...partsOf[target]]);
  await runBuild(engine, target, ['--tag', imageOf(target)]);
};

const runBuild = async (
  engine: DockerEngine,
  target: Target,
  flags: readonly string[],
): Promise<void> => {
  const base = ['--network', 'none', '--build-arg', `BASE=${baseImage}`];
  await engine.docker(
    ['build', ...base, '--target', target, ...flags, contextOf(engine, target)],
    // One by the classic builder, so that both are tried.
    { env: { DOCKER_BUILDKIT: target === 'server' ? '0' : '1' } },
  );
};
