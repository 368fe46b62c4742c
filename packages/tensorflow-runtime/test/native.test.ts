import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.ts';
import { restoreUtilFunctions } from '../src/compatibility.ts';
import { findTfjsNode } from '../src/find.ts';
import { loadTensorFlowNode } from '../src/load.ts';
import { provisionTensorFlow } from '../src/provision.ts';
import { verifyAddon } from '../src/verify.ts';

const tfjsNode = findTfjsNode();
const testNative = requireOrSkip('native TensorFlow', existsSync(tfjsNode?.addonPath ?? ''));

testNative('once set up, setting up again finds all there and knows the version', async () => {
  const { how, version } = await provisionTensorFlow();
  expect(how).toMatch(/^(?:present|relinked)$/u);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
});

testNative('the real addon computes the known gradient to float32 accuracy', async () => {
  const { directory, addonPath } = tfjsNode ?? { directory: '', addonPath: '' };
  const { error } = await verifyAddon({ directory, addonPath });
  expect(error).toBeLessThan(1e-5);
});

testNative(
  'it loads with its thread count fixed, differentiates, and keeps no tensor',
  async () => {
    const tf = await loadTensorFlowNode({ threads: 1 });
    expect(tf.getBackend()).toBe('tensorflow');
    expect(process.env['TF_NUM_INTRAOP_THREADS']).toBe('1');
    const before = tf.memory().numTensors;
    const slope = tf.tidy(() =>
      tf
        .grad((x) => x.square())(tf.scalar(3))
        .dataSync(),
    );
    expect([...slope]).toEqual([6]);
    expect(tf.memory().numTensors).toBe(before);
    await expect(loadTensorFlowNode({ threads: 2 })).rejects.toMatchObject({
      code: 'threads-fixed',
    });
  },
);

testNative('loading it writes nothing, and what others wrote meanwhile is not lost', () => {
  const program = `
    import { loadTensorFlowNode } from '@paceline/tensorflow-runtime';
    process.stderr.write('before\\n');
    await loadTensorFlowNode({ threads: 1 });
    process.stderr.write('after\\n');`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('before\nafter\n');
});

test('the function that tfjs-node misses since Node 23 is there again', async () => {
  restoreUtilFunctions();
  const { default: util } = (await import('node:util')) as unknown as {
    default: { isNullOrUndefined(value: unknown): boolean };
  };
  expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
