import { isWebAddress } from '../http/address.ts';
import type { DataSettings } from '../registry.ts';

/** Kinds whose examples are decoded, parsed or unpacked each time that they are read. */
const decoded: ReadonlySet<string> = new Set(['csv', 'jsonLines', 'parquet', 'images']);

/**
 * Whether reading costs enough to do it in a thread of its own: for numbers that lie in memory or in a file as they are, the
 * way to another thread and back would cost more. What the job has as functions stays where the job file is loaded. Pure.
 */
export function isCostly(settings: DataSettings): boolean {
  const { type, augment, filter } = settings;
  const isOwn = type === 'function' || type === 'arrays' || filter !== undefined;
  if (isOwn || (augment !== undefined && '$local' in augment)) return false;
  return decoded.has(type) || augment !== undefined || isFromWeb(settings);
}

function isFromWeb(settings: object): boolean {
  return Object.values(settings).some((value: unknown) => {
    if (typeof value === 'string') return isWebAddress(value);
    return typeof value === 'object' && value !== null && isFromWeb(value);
  });
}
