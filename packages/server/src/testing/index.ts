export { createMemoryStorage } from './memory-storage.ts';

export type { MemoryStorage } from './memory-storage.ts';
