export { systemClock } from './clock.ts';
export { createExposition, expositionType } from './exposition.ts';
export { createLogger } from './logger.ts';
export { readTimeline } from './read-timeline.ts';
export { onShutdownSignals } from './shutdown.ts';
export { noTimeline, openTimeline } from './timeline.ts';

export type { Clock } from './clock.ts';
export type { Metric, Sample } from './exposition.ts';
export type { Logger, LoggerOptions, LogLevel } from './logger.ts';
export type { ShutdownSignal } from './shutdown.ts';
export type { ThreadTimeline } from './read-timeline.ts';
export type { Timeline, WrittenSpan } from './timeline.ts';
