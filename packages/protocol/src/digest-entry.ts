// For threads that start while somebody waits: the rest of the package takes 0.1 s to load.
export { hashJson } from './digest.ts';
