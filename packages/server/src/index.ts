export { startServer } from './server.ts';
export { inboundMemoryBytes } from './memory-budget.ts';
export { ServerError } from './errors.ts';

export type { RunningServer, RunSummary, ServerOptions, StatusReport } from './options.ts';
export type { ServerErrorCode } from './errors.ts';
export type { Deadlines } from './run/state.ts';
