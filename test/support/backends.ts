import { existsSync } from 'node:fs';

import { findTfjsNode } from '@paceline/tensorflow-runtime';
import { describe } from 'vitest';

import { requireOrSkip } from './require.ts';
import type { DeclareTest } from './require.ts';

/** A test that needs native TensorFlow. */
const testNative: DeclareTest = requireOrSkip(
  'native TensorFlow',
  existsSync(findTfjsNode()?.addonPath ?? ''),
);

const testAlways = requireOrSkip('nothing', true);

/** The backends that a run may promise the same bits on, each with what declares its tests. */
const backends = [
  { backend: 'tensorflow', test: testNative },
  { backend: 'wasm', test: testAlways },
] as const;

/** A backend that a user would choose. */
export type FastBackend = (typeof backends)[number]['backend'];

/** Declares the same tests for native TensorFlow and for wasm. */
export function describeEachBackend(
  declare: (backend: FastBackend, test: DeclareTest) => void,
): void {
  for (const { backend, test } of backends) {
    describe(`on ${backend}`, () => {
      declare(backend, test);
    });
  }
}
