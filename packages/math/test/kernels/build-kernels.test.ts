import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { compileKernels, embed } from '../../scripts/build-kernels.ts';

describe('the embedded kernels', () => {
  it(
    'are what the AssemblyScript sources compile to, byte for byte',
    { timeout: 60_000 },
    async () => {
      const generated = new URL('../../src/kernels/kernels.wasm.ts', import.meta.url);
      expect(await readFile(generated, 'utf8')).toBe(embed(await compileKernels()));
    },
  );
});
