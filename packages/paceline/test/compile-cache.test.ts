import { homedir } from 'node:os';
import { join } from 'node:path';

import { cacheDirectory } from '@paceline/tensorflow-runtime';
import { describe, expect, it } from 'vitest';

import { compileCacheEnvironment } from '../src/compile-cache.ts';

describe('compiled code', () => {
  it('is kept in the cache of the user', () => {
    expect(compileCacheEnvironment({})).toEqual({
      NODE_COMPILE_CACHE: join(homedir(), '.cache', 'paceline', 'code'),
    });
  });

  it.each([{}, { XDG_CACHE_HOME: '/x' }, { PACELINE_CACHE: '/p', XDG_CACHE_HOME: '/x' }])(
    'is kept beside the native backend: %o',
    (env) => {
      expect(compileCacheEnvironment(env)['NODE_COMPILE_CACHE']).toBe(
        join(cacheDirectory(env), '..', 'code'),
      );
    },
  );

  it('is kept where the user says, or not at all', () => {
    expect(compileCacheEnvironment({ NODE_COMPILE_CACHE: '/mine' })).toEqual({});
    expect(compileCacheEnvironment({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual({});
  });
});
