import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import { installGradients } from '../../src/gradients/install.ts';
import {
  type KnownGradient,
  refusedGradients,
  repairedGradients,
} from '../../src/gradients/known-gradients.ts';
import { repairs } from '../../src/gradients/repairs.ts';

test('installing again changes nothing', async () => {
  const backend = await openBackend('wasm', { threads: 1 });
  const { tf } = backend;
  const kernel = tf.getKernel('MaxPoolGrad', 'wasm');
  const gradient = tf.getGradient('Cumsum');
  installGradients(backend);
  expect(tf.getKernel('MaxPoolGrad', 'wasm')).toBe(kernel);
  expect(tf.getGradient('Cumsum')).toBe(gradient);
});

test('gradients are replaced once for all backends', async () => {
  const { tf } = await openBackend('cpu', { threads: 1 });
  const gradient = tf.getGradient('BatchMatMul');
  const { tf: again } = await openBackend('wasm', { threads: 1 });
  // Another module object over the same engine, as tfjs-node is.
  installGradients({ name: 'wasm', tf: { ...again } });
  expect(tf.getGradient('BatchMatMul')).toBe(gradient);
});

test('the kernels of another backend stay as they are', async () => {
  const { tf } = await openBackend('cpu', { threads: 1 });
  const kernel = tf.getKernel('MaxPoolGrad', 'cpu');
  await openBackend('wasm', { threads: 1 });
  expect(tf.getKernel('MaxPoolGrad', 'cpu')).toBe(kernel);
});

test('every repair is made once', () => {
  const places = repairs.flatMap((repair) =>
    repair.kind === 'kernel'
      ? repair.backends.map((backend) => `${backend}/${repair.name}`)
      : [`${repair.kind}/${repair.name}`],
  );
  expect(places).toEqual([...new Set(places)]);
});

describe('the table of known gradients', () => {
  const replaced = (name: string, backend: string): boolean =>
    repairs.some((repair) =>
      repair.kind === 'kernel'
        ? repair.name === name && repair.backends.includes(backend as never)
        : repair.name === name,
    );

  test('names for each repaired operation what is replaced, on each of its backends', () => {
    const missing = repairedGradients.flatMap(({ op, backends, by }) =>
      backends
        .filter((backend) => !by.every((name) => replaced(name, backend)))
        .map((backend) => `${op} on ${backend}`),
    );
    expect(missing).toEqual([]);
  });

  test('names every repair', () => {
    const named = new Set(repairedGradients.flatMap(({ by }) => by));
    expect(repairs.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });

  test('is the table of the documentation', () => {
    const documentation = readFileSync(
      new URL('../../../../docs/gradients.md', import.meta.url),
      'utf8',
    );
    const row = ({ op, backends, fault, when }: KnownGradient): string =>
      `| ${op} | ${backends.length === 3 ? 'all' : backends.join(', ')} | ${fault} | ${when} |`;
    const documented = documentation.split('\n').filter((line) => /^\| [A-Z]/u.test(line));
    expect(documented.map((line) => line.replace(/ +/gu, ' ').replaceAll('| |', '|  |'))).toEqual([
      ...repairedGradients.map(row),
      ...refusedGradients.map((gradient) => `${row(gradient)} ${gradient.advice} |`),
    ]);
  });
});
