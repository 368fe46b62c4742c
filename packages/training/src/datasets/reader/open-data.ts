import type { AnyDataset, DatasetOptions } from '../dataset.ts';
import type { DataSettings } from '../registry.ts';
import { openDataset } from '../registry.ts';
import { isCostly } from './costly.ts';
import { openInThread } from './open-in-thread.ts';

/**
 * Opens the data of a job for training: here, or in a thread of their own where reading them costs much. The examples are
 * the same.
 * @throws {TrainingError} as `openDataset` does.
 */
export function openData(
  settings: DataSettings,
  local: unknown,
  options: DatasetOptions,
): Promise<AnyDataset> {
  if (isCostly(settings)) return openInThread(settings, options);
  return openDataset(settings, local, options);
}
