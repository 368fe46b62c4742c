import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { importsOf, resolveImport } from './imports.ts';
import { isOf } from './table.ts';
import { readWorkspace, root } from './workspace.ts';

// A job file imports `paceline` on the parameter server too, where no TensorFlow is installed.
const entry = 'packages/paceline/src/index.ts';

test('no chain of imports leads from the public entry to TensorFlow', () => {
  expect(chainsToTensorFlow(entry)).toEqual([]);
});

test('importing the public entry loads nothing of TensorFlow', async () => {
  // Node itself says what it loads: every resolution on the way to `import('paceline')`.
  const script = `
    import { registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ resolve(specifier, context, next) {
      const found = next(specifier, context);
      urls.push(found.url);
      return found;
    } });
    await import(${JSON.stringify(`${root}/${entry}`)});
    process.stdout.write(JSON.stringify(urls));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=paceline-source', '--input-type=module', '--eval', script],
    { cwd: root, timeout: 30_000 },
  );
  const urls = JSON.parse(stdout) as readonly string[];
  expect(urls.some((url) => url.endsWith(`/${entry}`))).toBe(true);
  expect(urls.filter((url) => url.includes('/@tensorflow/'))).toEqual([]);
});

/** Chains `a.ts > b.ts > @tensorflow/tfjs` of imports that run when the first file is loaded. */
const chainsToTensorFlow = (start: string): readonly string[] => {
  const workspace = readWorkspace();
  const seen = new Set([start]);
  const found: string[] = [];
  const walk = (file: string, chain: readonly string[]): void => {
    for (const item of importsOf(file)) {
      if (item.isType || item.isLazy) continue;
      if (isOf(item.specifier, '@tensorflow/*')) found.push([...chain, item.specifier].join(' > '));
      const target = resolveImport(item, workspace);
      if (target === undefined || seen.has(target)) continue;
      seen.add(target);
      walk(target, [...chain, target]);
    }
  };
  walk(start, [start]);
  return found;
};
