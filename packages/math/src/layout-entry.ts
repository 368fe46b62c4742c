// For threads that start while somebody waits.
export { createLayout } from './layout.ts';
