import type { Clock } from '@paceline/telemetry';
import { openFolder } from './open-folder.ts';
import type { Retention } from './retention.ts';
import type { CheckpointStorage } from './storage.ts';
import { createWriter } from './writer.ts';

/**
 * Checkpoints in a folder: `step-N/` for each, written by a thread of its own (started at the first write), read by the
 * calling one. Nothing is touched before `open` or `write`. The clock measures how long a write takes.
 */
export function openDiskStorage(
  folder: string,
  { clock, ...retention }: Retention & { readonly clock: Clock },
): CheckpointStorage {
  const writer = createWriter({ folder, retention });
  return {
    open: () =>
      new Promise((resolve) => {
        resolve(openFolder(folder));
      }),
    async write(image) {
      const startMs = clock.now();
      const written = await writer.write(image);
      return { ...written, tookMs: clock.now() - startMs };
    },
    close: () => writer.close(),
  };
}
