import { expect, test, vi } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';

vi.mock('@paceline/tensorflow-runtime', () => ({
  describeCpu: () => 'x64',
  loadTensorFlowNode: () =>
    Promise.reject(new Error('Native TensorFlow is not set up here. Run `paceline setup`.')),
}));

test('auto takes wasm where native TensorFlow does not load, and says why', async () => {
  const lines: string[] = [];
  const backend = await openBackend('auto', { threads: 1, onNotice: (line) => lines.push(line) });
  expect(backend.name).toBe('wasm');
  expect(lines).toEqual([
    'The tensorflow backend cannot be used: Native TensorFlow is not set up here. Run `paceline setup`. Using the wasm backend instead, which is slower.',
  ]);
});

test('tensorflow that does not load is an error with the reason and its cause', async () => {
  const opening = openBackend('tensorflow', { threads: 1 });
  await expect(opening).rejects.toMatchObject({
    name: 'BackendError',
    code: 'unavailable',
    backend: 'tensorflow',
    cause: { message: 'Native TensorFlow is not set up here. Run `paceline setup`.' },
  });
});
