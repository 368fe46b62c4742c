import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root, type WorkspacePackage } from './workspace.ts';

/** One place where a file names another module. */
export interface Import {
  /** The file, from the root of the repository. */
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** Erased when the types are stripped: it loads nothing. */
  readonly isType: boolean;
  /** `import()`, `require()`, `require.resolve()`, `import.meta.resolve()`: not before that line runs. */
  readonly isLazy: boolean;
}

/** Every import, re-export, `import()`, `require()` and `import('...')` type in the file, in order. */
export const importsOf = (file: string): readonly Import[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean, isLazy = false): void => {
    if (node && ts.isStringLiteralLike(node)) {
      found.push({ from: file, specifier: node.text, isType, isLazy });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && loads(node.expression)) {
      add(node.arguments[0], false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
};

const loads = (callee: ts.Expression): boolean => {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'resolve') return false;
  const { expression } = callee;
  return (
    ts.isMetaProperty(expression) || (ts.isIdentifier(expression) && expression.text === 'require')
  );
};

/** The file, from the root of the repository, that a specifier stands for; `undefined` outside the workspace. */
export const resolveImport = (
  { from, specifier }: Import,
  workspace: readonly WorkspacePackage[],
): string | undefined => {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const owner = workspace.find(({ manifest: { name } }) => isPackage(specifier, name));
  if (owner === undefined) return undefined;
  const target = owner.manifest.exports?.[`.${specifier.slice(owner.manifest.name.length)}`];
  const path = typeof target === 'object' ? target['paceline-source'] : target;
  return path === undefined ? undefined : join(owner.rule.folder, path);
};

/** Whether a specifier is the package `name` or one of its entries. */
export const isPackage = (specifier: string, name: string): boolean =>
  specifier === name || specifier.startsWith(`${name}/`);
