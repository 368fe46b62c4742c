export { runWorker } from './worker.ts';
export { WorkerError } from './errors.ts';

export type { WorkerExit, WorkerOptions } from './options.ts';
