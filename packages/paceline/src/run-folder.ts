import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The default folder of a run: `runs/<job>-<local time>`, for example `runs/mnist-mlp-20260830-174503`; with
 * `-2`, `-3`, ... when two runs begin in the same second. Nothing is created.
 */
export function defaultRunFolder(
  job: string,
  wallMs: number,
  exists: (path: string) => boolean = existsSync,
): string {
  const base = join('runs', `${job}-${timestamp(new Date(wallMs))}`);
  let folder = base;
  for (let i = 2; exists(folder); i++) folder = `${base}-${i}`;
  return folder;
}

function timestamp(date: Date): string {
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('');
  return `${day}-${pad(date.getHours())}${pad(date.getMinutes())}${pad(date.getSeconds())}`;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
