import { z } from 'zod';

import { isPlainObject } from '../json.ts';

/**
 * Stands in the settings for what cannot travel: a function, numbers that are too many or in typed
 * arrays, or what the compiled model of a job file knows. Each process has it from its own job file.
 */
export interface LocalMarker {
  readonly $local: 'function' | 'array' | 'compiled';
}

/** Numbers up to this many (1 MiB as JavaScript holds them) are part of the settings; more stay local. */
export const mostInlineNumbers = 131_072;

/** Check of a marker. */
export const localMarkerSchema: z.ZodType<LocalMarker> = z.strictObject({
  $local: z.enum(['function', 'array', 'compiled']),
});

/** Whether a value of the settings is a marker. */
export function isLocalMarker(value: unknown): value is LocalMarker {
  return isPlainObject(value) && '$local' in value;
}

/** Whether a marker is somewhere in a plain value. */
export function holdsLocalMarker(value: unknown): boolean {
  if (isLocalMarker(value)) return true;
  if (Array.isArray(value)) {
    // Lists of numbers are long and hold no markers: their first item tells.
    return typeof value[0] !== 'number' && value.some(holdsLocalMarker);
  }
  return isPlainObject(value) && Object.values(value).some(holdsLocalMarker);
}

/**
 * A copy of a job definition in which functions, typed arrays and lists of more than
 * `mostInlineNumbers` numbers have become markers.
 */
export function withMarkers(value: unknown): unknown {
  if (typeof value === 'function') return { $local: 'function' };
  if (ArrayBuffer.isView(value)) return { $local: 'array' };
  if (Array.isArray(value)) {
    if (countNumbers(value) > mostInlineNumbers || holdsTypedArray(value))
      return { $local: 'array' };
    return value.map(withMarkers);
  }
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withMarkers(each)]));
}

function countNumbers(list: readonly unknown[]): number {
  let count = 0;
  for (const item of list) {
    if (Array.isArray(item)) count += countNumbers(item);
    else if (typeof item === 'number') count += 1;
    if (count > mostInlineNumbers) break;
  }
  return count;
}

function holdsTypedArray(list: readonly unknown[]): boolean {
  return list.some(
    (item) => ArrayBuffer.isView(item) || (Array.isArray(item) && holdsTypedArray(item)),
  );
}
