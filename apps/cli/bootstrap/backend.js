import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { paceline, runProgram } from './program.js';
import { root } from './root.js';
import { readStamp, updateStamp } from './stamp.js';
import { say } from './words.js';

const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const addon = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
/** What the set-up needs; if one of them appears, a set-up that failed is worth another try. */
const tools = ['python3', 'python', 'pip3', 'pip', 'g++', 'clang++', 'c++'];
const retryMs = 3_600_000;

/**
 * Runs `paceline setup` when there is something to do: always if asked to; else if the native addon is not the one
 * that the last set-up left, or if there is none and something has changed since it failed, or an hour has passed.
 * @param {string} node
 * @param {{ args: readonly string[], always: boolean }} options
 * @returns {Promise<number>} 0 when there is a backend, be it WebAssembly
 */
export async function prepareBackend(node, { args, always }) {
  const surroundings = describeSurroundings();
  if (!always && isReady(node)) {
    return 0;
  }
  if (!always && isHopeless(node, surroundings)) {
    say('Without native TensorFlow, on WebAssembly; `npm run setup` tries again and says why');
    return 0;
  }
  const code = await runProgram(node, [...paceline, 'setup', ...args]);
  if (code === 0) {
    updateStamp({ backend: { node, surroundings, addon: describeAddon(), atMs: Date.now() } });
  }
  return code;
}

function isReady(node) {
  const known = readStamp().backend;
  return known?.node === node && known.addon !== null && known.addon === describeAddon();
}

function isHopeless(node, surroundings) {
  const known = readStamp().backend;
  return (
    known?.node === node &&
    known.surroundings === surroundings &&
    known.addon === null &&
    describeAddon() === null &&
    Date.now() - known.atMs < retryMs
  );
}

/** The file that the link leads to, by inode, size and time; null where there is none. */
function describeAddon() {
  const found = statSync(addon, { throwIfNoEntry: false });
  return found === undefined ? null : [found.ino, found.size, found.mtimeMs].join(' ');
}

function describeSurroundings() {
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  const found = tools.filter((tool) => folders.some((folder) => existsSync(join(folder, tool))));
  return [process.arch, process.env.PACELINE_CACHE ?? '', ...found].join(' ');
}
