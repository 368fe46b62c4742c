import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JobSettings } from '@paceline/protocol';
import { sha256Of } from '../checkpoint/files.ts';
import { ServerError } from '../errors.ts';

type StartOptimizer = NonNullable<NonNullable<JobSettings['start']>['optimizer']>;

/**
 * The state vectors that an optimizer begins with, by slot. Blocks.
 * @throws ServerError `start-unusable` for a file that cannot be read, or is another than the job was made with
 */
export function readStartSlots({ slots }: StartOptimizer): ReadonlyMap<string, Uint8Array> {
  return new Map(
    Object.entries(slots).map(([name, { path, sha256 }]) => {
      const bytes = readBytes(path);
      if (sha256Of(bytes) === sha256) return [name, bytes] as const;
      throw unusable(`${path} is another file than the job was made with`);
    }),
  );
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(resolve(path));
  } catch (cause) {
    throw unusable(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function unusable(reason: string, options?: ErrorOptions): ServerError {
  return new ServerError('start-unusable', `start.optimizer: ${reason}`, options);
}
