export { createMemoryStorage } from './memory-storage.ts';
export { createSampleImage } from './sample-image.ts';

export type { MemoryStorage } from './memory-storage.ts';
export type { SampleOptions } from './sample-image.ts';
