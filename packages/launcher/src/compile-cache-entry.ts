// For the start of a program: what else it loads is to be found in the cache already.
export { compileCacheFolder } from './compile-cache.ts';
