import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

/**
 * Starts the thread of a module of this package, named without its extension and relative to this file: a source in the
 * repository, which imports sources, or a build product in the package. It does not keep the process alive.
 */
export function startThread(
  module: string,
  options: Pick<WorkerOptions, 'name' | 'workerData' | 'transferList'>,
): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const url = new URL(`${module}.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const how = isSource ? { execArgv: ['--conditions=paceline-source'] } : {};
  const worker = new Worker(url, { ...options, ...how });
  worker.unref();
  return worker;
}
