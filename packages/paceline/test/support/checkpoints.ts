import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDiskStorage } from '@paceline/server';
import { createSampleImage } from '@paceline/server/testing';
import type { SampleOptions } from '@paceline/server/testing';
import { createManualClock } from '@paceline/telemetry/testing';

/** A run's folder with sample checkpoints that is gone when it goes out of scope. */
export async function openRunFolder(
  samples: readonly SampleOptions[],
): Promise<Disposable & { readonly run: string; readonly checkpoints: string }> {
  const run = mkdtempSync(join(tmpdir(), 'paceline-run-'));
  const checkpoints = join(run, 'checkpoints');
  const storage = openDiskStorage(checkpoints, { clock: createManualClock(), keep: 9 });
  for (const sample of samples) await storage.write(createSampleImage(sample));
  await storage.close();
  return {
    run,
    checkpoints,
    [Symbol.dispose]: () => {
      rmSync(run, { recursive: true });
    },
  };
}
