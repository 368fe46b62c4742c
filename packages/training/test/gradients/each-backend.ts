import { beforeAll, describe } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import { BackendError } from '../../src/backend/errors.ts';
import type { Backend, BackendName } from '../../src/backend/interface.ts';

const reasonNotToTest = await whyNotNative();

/** Declares the same tests for each of the backends; `backend()` is the one under test. */
export function describeEachBackend(
  names: readonly BackendName[],
  declare: (backend: () => Backend, name: BackendName) => void,
): void {
  for (const name of names) {
    const isAbsent = name === 'tensorflow' && reasonNotToTest !== undefined;
    describe.skipIf(isAbsent)(`on ${name}`, () => {
      let opened: Backend | undefined;
      beforeAll(async () => {
        opened = await openBackend(name, { threads: 1 });
      });
      declare(() => {
        if (opened === undefined) throw new Error('not opened yet');
        return opened;
      }, name);
    });
  }
}

async function whyNotNative(): Promise<string | undefined> {
  try {
    await openBackend('tensorflow', { threads: 1 });
    return undefined;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    process.stderr.write(`\nNOT TESTED on native TensorFlow: ${error.message}\n`);
    return error.message;
  }
}
