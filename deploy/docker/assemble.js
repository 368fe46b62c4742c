#!/usr/bin/env node
// @ts-check
// Gathers what goes into the images: `node deploy/docker/assemble.js TARGET PART...`, in an installed and built repository.
//
// A part is a folder of TARGET that is copied to /app: the packages that a role needs at run time, each at its place in the
// repository, so that Node finds them by its own rules. npm cannot leave out TensorFlow for the server alone, since the
// package `paceline` serves both roles and depends on it.
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** @typedef {{ name: string, place: string }} Found a package and its folder, from the root of the repository */

const root = resolve(import.meta.dirname, '../..');
const entry = 'paceline';
const training = ['@paceline/training', '@paceline/worker', '@paceline/tensorflow-runtime'];
const native = ['@paceline/tensorflow-runtime', '@tensorflow/tfjs-node'];

// What a package requires without saying so; elsewhere it happens to be found because npm puts it beside the package.
/** @type {Record<string, string[]>} */
const undeclared = { '@tensorflow/tfjs': ['long'] };

/** By part: how it comes to be, given its folder. @type {Record<string, (target: string) => void>} */
const parts = {
  server: (target) => copy(closure(['@paceline/launcher', ...training]), target),
  // With WebAssembly, which ships in its npm package.
  worker: (target) => copy(wasmClosure(), target),
  // What native TensorFlow needs on top of that.
  native: (target) => copy(nativeClosure(), target),
  // The addon and TensorFlow's libraries, which `paceline setup` put (or linked) where tfjs-node looks for them.
  libraries: (target) => {
    const place = 'node_modules/@tensorflow/tfjs-node';
    const addon = realpathSync(join(root, place, 'lib/napi-v8/tfjs_binding.node'));
    const libraries = realpathSync(join(root, place, 'deps/lib/libtensorflow_cc.so.2'));
    copyFolder(dirname(addon), join(target, place, 'lib/napi-v8'));
    copyFolder(dirname(libraries), join(target, place, 'deps/lib'));
  },
};

const wasmClosure = () => closure(['@paceline/launcher', '@paceline/server', ...native]);

const nativeClosure = () => {
  const isThere = new Set(wasmClosure().map(({ place }) => place));
  return closure(['@paceline/launcher', '@paceline/server']).filter(
    ({ place }) => !isThere.has(place),
  );
};

/**
 * All packages that the entry needs at run time, without those of the given names and what only they need.
 * @param {readonly string[]} without @returns {readonly Found[]}
 */
const closure = (without) => {
  const start = /** @type {Found} */ (find(entry, '.'));
  const found = new Map([[start.place, start]]);
  for (const { place } of found.values()) {
    const manifest = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'));
    const { dependencies = {}, optionalDependencies = {} } = manifest;
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    for (const name of [...names, ...(undeclared[manifest.name] ?? [])]) {
      // Declarations are nothing that runs.
      if (without.includes(name) || name.startsWith('@types/')) continue;
      const next = find(name, place);
      if (next) found.set(next.place, next);
      else if (!Object.hasOwn(optionalDependencies, name))
        throw new Error(`${manifest.name} needs ${name}, which is not installed: npm ci`);
    }
  }
  return [...found.values()];
};

/** As Node looks for it, from that folder upwards. @param {string} name @param {string} from @returns {Found | undefined} */
const find = (name, from) => {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(root, place, 'package.json')))
      return { name, place: relative(root, realpathSync(join(root, place))) };
    if (folder === '.') return undefined;
  }
};

/** @param {readonly Found[]} packages @param {string} target */
const copy = (packages, target) => {
  for (const { name, place } of packages) {
    copyFolder(join(root, place), join(target, place));
    if (!place.includes('node_modules')) link(name, place, target);
  }
};

/** A workspace package is found through a link. @param {string} name @param {string} place @param {string} target */
const link = (name, place, target) => {
  const path = join(target, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(relative(dirname(path), join(target, place)), path);
};

// What no program reads: declarations and maps; of foreign packages also the builds of tfjs for browsers.
const unread = /\.(map|[cm]?ts)$/;
const unreadForeign = /^tf[a-z-]*(\.(es2017|fesm))?(\.min)?\.js$/;
// Of our own packages `dist` runs; a foreign package may well run its `src`, but not its tests (up to 2 MB).
const sources = /^(src|test|scripts|native|tsconfig\.json|\.tsbuildinfo)$/;
// Of tfjs-node: what the part `libraries` brings, and the sources of the addon.
const addonFolders = /^(lib|deps|binding)$/;

/** @param {string} source @param {string} target */
const copyFolder = (source, target) => {
  const isOurs = !source.includes('node_modules');
  const isTfjsNode = source.endsWith('/@tensorflow/tfjs-node');
  const isUnwanted = (/** @type {string} */ path) => {
    const name = basename(path);
    return (
      name === 'node_modules' || // Each package in it comes by itself, if it is needed.
      unread.test(name) ||
      (isOurs
        ? sources.test(name)
        : unreadForeign.test(name) || relative(source, path) === 'test') ||
      (isTfjsNode && addonFolders.test(relative(source, path)))
    );
  };
  const filter = (/** @type {string} */ path) => path === source || !isUnwanted(path);
  cpSync(source, target, { recursive: true, filter });
};

const [target = '', ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (names.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `usage: assemble.js TARGET PART...; parts: ${Object.keys(parts).join(', ')}\n`,
  );
  process.exit(2);
}
for (const name of names) parts[name]?.(resolve(target, name));
