import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Import, importsOf, isPackage } from './imports.ts';
import { isOf, ownerships, packageRules, roles } from './table.ts';
import { readWorkspace, root, workspaceFolders, type WorkspacePackage } from './workspace.ts';

const workspace = readWorkspace();
const imports = new Map(
  workspace.map(({ rule, sources }) => [rule.name, sources.flatMap((file) => importsOf(file))]),
);
const importsIn = ({ rule }: WorkspacePackage): readonly Import[] => imports.get(rule.name) ?? [];
const names = packageRules.map(({ name }) => name);
const say = ({ from, specifier }: Import): string => `${from} imports ${specifier}`;

/** The workspace package that a specifier belongs to. */
const packageOf = (specifier: string): string | undefined =>
  names.find((name) => isPackage(specifier, name));

/** Whether a manifest names `module` (or a package of that scope) among what it needs at run time. */
const declared = ({ manifest }: WorkspacePackage): readonly string[] =>
  Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });

test('the table knows every package of the workspace, by folder and by name', () => {
  expect(workspaceFolders()).toEqual(packageRules.map(({ folder }) => folder).sort());
  expect(workspace.map(({ manifest }) => manifest.name)).toEqual(names);
});

test('the root project of the compiler references every package of the table', () => {
  const text = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  const { references } = JSON.parse(text) as { references: readonly { path: string }[] };
  expect(references.map(({ path }) => path)).toEqual(packageRules.map(({ folder }) => folder));
});

test('the table has no cycle: a package imports only what stands above it', () => {
  const wrong = packageRules.flatMap(({ name, imports: allowed, typesOnly }, index) =>
    [...allowed, ...typesOnly]
      .filter((other) => !names.slice(0, index).includes(other))
      .map((other) => `${name} -> ${other}`),
  );
  expect(wrong).toEqual([]);
});

test('roles meet on the wire only, and nobody imports an app', () => {
  const apps = packageRules.filter(({ folder }) => folder.startsWith('apps/'));
  for (const { name, imports: allowed } of packageRules) {
    expect(allowed.filter((other) => apps.some((app) => app.name === other))).toEqual([]);
    if (roles.includes(name)) {
      expect(allowed.filter((other) => roles.includes(other))).toEqual([]);
    }
  }
});

describe.each(workspace)('$rule.name', (member) => {
  const { imports: allowed, typesOnly } = member.rule;

  test('declares no workspace dependency that the table does not allow', () => {
    const wrong = declared(member).filter(
      (name) => names.includes(name) && ![...allowed, ...typesOnly].includes(name),
    );
    expect(wrong).toEqual([]);
  });

  test('imports no workspace package that the table does not allow', () => {
    const wrong = importsIn(member).filter(({ specifier, isType }) => {
      const other = packageOf(specifier);
      if (other === undefined) return false;
      return !(allowed.includes(other) || (isType && typesOnly.includes(other)));
    });
    expect(wrong.map(say)).toEqual([]);
  });

  test('declares what it imports', () => {
    const needed = importsIn(member).filter(({ specifier }) => !/^(\.|node:|#)/.test(specifier));
    const known = [...declared(member), ...(member.rule.looksFor ?? [])];
    const wrong = needed.filter(
      ({ specifier }) => !known.some((name) => isPackage(specifier, name)),
    );
    expect(wrong.map(say)).toEqual([]);
  });

  test('leaves to their owners the modules that have one', () => {
    const foreign = ownerships.filter(({ owners }) => !owners.includes(member.rule.name));
    const isForeign = (name: string): boolean => foreign.some(({ module }) => isOf(name, module));
    const wrongImports = importsIn(member).filter(
      ({ specifier, isType }) => !isType && isForeign(specifier),
    );
    expect(wrongImports.map(say)).toEqual([]);
    expect(declared(member).filter(isForeign)).toEqual([]);
  });
});
