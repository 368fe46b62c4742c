import { homedir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { compileCacheFolder } from '../src/compile-cache.ts';

describe('compiled code', () => {
  it('is kept beside the other caches', () => {
    expect(compileCacheFolder({})).toBe(join(homedir(), '.cache', 'paceline', 'code'));
    expect(compileCacheFolder({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'paceline', 'code'));
    const both = { PACELINE_CACHE: '/p', XDG_CACHE_HOME: '/x' };
    expect(compileCacheFolder(both)).toBe(join('/p', 'code'));
  });

  it('is kept where the user says, or not at all', () => {
    expect(compileCacheFolder({ NODE_COMPILE_CACHE: '/mine' })).toBeUndefined();
    expect(compileCacheFolder({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
  });
});
