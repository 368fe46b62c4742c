import { globSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { importsOf, resolveImport } from './imports.ts';
import { entrySymbols, hasOnlyReExports, parse } from './syntax.ts';
import { readWorkspace, root } from './workspace.ts';

const workspace = readWorkspace();
const sources = workspace.flatMap((member) => member.sources);
const entries = new Set(workspace.flatMap((member) => member.entries));

test('names of files and folders are kebab-case', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const files = globSync(['packages/*/{src,test}/**/*', 'apps/*/{src,test}/**/*', 'test/**/*'], {
    cwd: root,
  });
  const wrong = files.filter((file) => !file.includes('node_modules') && !kebab.test(stem(file)));
  expect(wrong).toEqual([]);
});

/** `foo-bar.test.ts` -> `foo-bar`: what stands before the first dot. */
const stem = (file: string): string => basename(file).split('.')[0] ?? '';

test('no source has a default export', () => {
  const isDefault = (statement: ts.Statement): boolean =>
    ts.isExportAssignment(statement) ||
    (ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));
  expect(sources.filter((file) => parse(file).statements.some(isDefault))).toEqual([]);
});

test('only the entry of a package is a list of re-exports', () => {
  expect(sources.filter((file) => !entries.has(file) && hasOnlyReExports(file))).toEqual([]);
});

test('the entry of a package is a hand-written list: it names what it exports, and does nothing else', () => {
  const lists = [...entries].filter((file) => file.startsWith('packages/'));
  const wrong = lists.filter(
    (file) =>
      !hasOnlyReExports(file) ||
      parse(file).statements.some(
        (statement) => ts.isExportDeclaration(statement) && statement.exportClause === undefined,
      ),
  );
  expect(wrong).toEqual([]);
});

test('nothing inside a package imports its entry', () => {
  const wrong = workspace.flatMap((member) =>
    member.sources
      .flatMap((file) => importsOf(file))
      .filter((item) => member.entries.includes(resolveImport(item, workspace) ?? ''))
      .filter((item) => !entries.has(item.from))
      .map(({ from, specifier }) => `${from} imports ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

describe('every export of a package entry has a docstring', () => {
  const symbols = entrySymbols([...entries]);

  test.each([...entries])('%s', (entry) => {
    const bare = (symbols.get(entry) ?? []).filter(({ isDocumented }) => !isDocumented);
    expect(bare.map(({ name, declaredAt }) => `${name} (${declaredAt})`)).toEqual([]);
  });
});
