import { readdir, readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { operandOrder } from '../../src/kernels/operands.ts';

const assembly = new URL('../../src/kernels/assembly/', import.meta.url);

it('names the operands of each kernel in the order of its parameters', async () => {
  const files = (await readdir(assembly)).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, assembly), 'utf8')));
  const functions = new Map(
    [...sources.join('\n').matchAll(/^export function (\w+)\(([^)]*)\)/gm)].map(
      ([, name = '', parameters = '']) => [name, parameters.match(/\w+(?=:)/g)?.join(' ')],
    ),
  );
  for (const [name, order] of Object.entries(operandOrder)) expect(functions.get(name)).toBe(order);
});
