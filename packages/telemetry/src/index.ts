export { systemClock } from './clock.ts';
export { createLogger } from './logger.ts';
export { onShutdownSignals } from './shutdown.ts';

export type { Clock } from './clock.ts';
export type { Logger, LoggerOptions, LogLevel } from './logger.ts';
export type { ShutdownSignal } from './shutdown.ts';
