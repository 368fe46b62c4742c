import { beforeAll, describe } from 'vitest';

import { type DeclareTest, requireOrSkip } from '../../../../test/support/require.ts';
import { openBackend } from '../../src/backend/backend.ts';
import { BackendError } from '../../src/backend/errors.ts';
import type { Backend, BackendName } from '../../src/backend/interface.ts';

/** What the tests of one backend are declared with. */
export interface BackendUnderTest {
  readonly name: BackendName;
  /** Inside a test, the backend, opened and in effect. */
  readonly backend: () => Backend;
  /** `test`, or a skip where native TensorFlow is not set up. */
  readonly test: DeclareTest;
}

const isNativeAvailable = await canOpenNative();

/** Declares the same tests for each of the backends. */
export function describeEachBackend(
  names: readonly BackendName[],
  declare: (underTest: BackendUnderTest) => void,
): void {
  for (const name of names) {
    describe(`on ${name}`, () => {
      const isAvailable = name !== 'tensorflow' || isNativeAvailable;
      let opened: Backend | undefined;
      beforeAll(async () => {
        if (isAvailable) opened = await openBackend(name, { threads: 1 });
      });
      declare({
        name,
        backend: () => {
          if (opened === undefined) throw new Error('not opened yet');
          return opened;
        },
        test: requireOrSkip('native TensorFlow', isAvailable),
      });
    });
  }
}

async function canOpenNative(): Promise<boolean> {
  try {
    await openBackend('tensorflow', { threads: 1 });
    return true;
  } catch (error) {
    if (error instanceof BackendError) return false;
    throw error;
  }
}
