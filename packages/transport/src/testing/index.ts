export { transportConformance } from './conformance.ts';

export type { ConformanceCase } from './conformance.ts';
export type { Subject } from './harness.ts';
