export { createManualClock } from './manual-clock.ts';
export { createMemoryLogger } from './memory-logger.ts';

export type { ManualClock } from './manual-clock.ts';
export type { LogEntry, MemoryLogger } from './memory-logger.ts';
