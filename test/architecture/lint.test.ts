import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from './workspace.ts';

// The rules are tried on a line that breaks them: a setting that matches no file is as silent as good code.
const typeAware = tseslint.configs.disableTypeChecked;
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    ...(typeAware as object),
    languageOptions: { parserOptions: { projectService: false, project: false } },
  },
});

/** The rules that `code` breaks if it stands in `file`. */
const broken = async (file: string, code: string): Promise<readonly (string | null)[]> => {
  const [result] = await eslint.lintText(code, { filePath: `${root}/${file}` });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
};

beforeAll(async () => {
  // Without the graph of its projects the boundary rule of Nx is silent.
  await promisify(execFile)('nx', ['show', 'projects'], { cwd: root, timeout: 50_000 });
});

describe('the bit paths', () => {
  test.each(['packages/math', 'packages/server', 'packages/worker'])('%s', async (folder) => {
    const file = `${folder}/src/example.ts`;
    const used = (code: string): string => `export const x = (a: number): number => ${code};\n`;
    expect(await broken(file, used('Math.sqrt(Math.fround(a))'))).toEqual([]);
    expect(await broken(file, used('Math.exp(a)'))).toEqual(['no-restricted-properties']);
    expect(await broken(file, used('Math.random() + a'))).toEqual(['no-restricted-properties']);
    expect(await broken(file, used('a ** 2'))).toEqual(['no-restricted-syntax']);
    expect(await broken(file, used('a * 2 ** 20'))).toEqual([]);
  });

  test('a test may compute its oracle as it likes', async () => {
    expect(await broken('packages/math/test/example.test.ts', 'Math.exp(2 ** 3);\n')).toEqual([]);
  });
});

test('nothing prints but a program', async () => {
  const print = "process.stdout.write('x');\n";
  expect(await broken('packages/server/src/example.ts', print)).toEqual([
    'no-restricted-properties',
  ]);
  expect(await broken('packages/launcher/src/example.ts', print)).toEqual([
    'no-restricted-properties',
  ]);
  expect(await broken('apps/cli/src/example.ts', print)).toEqual([]);
  expect(await broken('packages/math/test/example.test.ts', "console.log('x');\n")).toEqual([
    'no-console',
  ]);
});

test('types come and go: no enum, no namespace, no parameter property', async () => {
  const file = 'packages/launcher/src/example.ts';
  const property = 'export class A {\n  constructor(readonly b: number) {}\n}\n';
  expect(await broken(file, 'export enum A {\n  B,\n}\n')).toContain('no-restricted-syntax');
  expect(await broken(file, 'export namespace A {\n  export const b = 1;\n}\n')).toContain(
    'no-restricted-syntax',
  );
  expect(await broken(file, property)).toContain('no-restricted-syntax');
});

test('a default export is for job files', async () => {
  const code = 'export default { name: 1 };\n';
  expect(await broken('packages/launcher/src/example.ts', code)).toEqual(['no-restricted-syntax']);
  expect(await broken('examples/a/job.ts', code)).toEqual([]);
});

describe('the boundary rule', () => {
  const rule = '@nx/enforce-module-boundaries';
  const import_ = (name: string): string => `import { a } from '${name}';\nexport const b = a;\n`;

  test('lets a package import what the table allows', async () => {
    expect(await broken('packages/server/src/example.ts', import_('@paceline/math'))).toEqual([]);
  });

  test.each([
    ['packages/server', '@paceline/training'],
    ['packages/server', '@paceline/worker'],
    ['packages/math', '@paceline/protocol'],
    ['packages/worker', '@paceline/server'],
    ['packages/launcher', '@paceline/worker-app'],
  ])('keeps %s from %s', async (folder, name) => {
    expect(await broken(`${folder}/src/example.ts`, import_(name))).toEqual([rule]);
  });

  test.each([
    ['packages/server', 'ws'],
    ['packages/worker', '@tensorflow/tfjs'],
    ['packages/transport', 'msgpackr'],
  ])('keeps %s from what belongs to another: %s', async (folder, name) => {
    expect(await broken(`${folder}/src/example.ts`, import_(name))).toEqual([rule]);
  });
});
