import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { generate, generatedFile, moduleNames } from '../../scripts/build-kernels.ts';

describe('the embedded modules', () => {
  it.each(moduleNames)(
    '%s is what the AssemblyScript sources compile to, byte for byte',
    { timeout: 60_000 },
    async (name) => {
      expect(await readFile(generatedFile(name), 'utf8')).toBe(await generate(name));
    },
  );
});
