import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './workspace.ts';

/** The syntax tree of a file, given by its path from the root of the repository. */
export const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);

/** Whether a file has statements and each of them is `export ... from '...'`. */
export const hasOnlyReExports = (file: string): boolean => {
  const { statements } = parse(file);
  const isReExport = (statement: ts.Statement): boolean =>
    ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
  return statements.length > 0 && statements.every(isReExport);
};

/** Something that a package entry exports. */
export interface EntrySymbol {
  readonly name: string;
  /** File and line of its declaration. */
  readonly declaredAt: string;
  readonly isDocumented: boolean;
}

/** What each of the entries exports; re-exports are followed to their declaration, into other packages too. */
export const entrySymbols = (
  entries: readonly string[],
): ReadonlyMap<string, readonly EntrySymbol[]> => {
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    { ...baseOptions(), noEmit: true },
  );
  const checker = program.getTypeChecker();
  const symbolsOf = (entry: string): readonly EntrySymbol[] => {
    const file = program.getSourceFile(join(root, entry));
    const module = file && checker.getSymbolAtLocation(file);
    return module ? checker.getExportsOfModule(module).map((item) => describe(item, checker)) : [];
  };
  return new Map(entries.map((entry) => [entry, symbolsOf(entry)]));
};

const describe = (exported: ts.Symbol, checker: ts.TypeChecker): EntrySymbol => {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  return {
    name: exported.name,
    declaredAt: place(symbol.declarations?.[0]),
    isDocumented: symbol.getDocumentationComment(checker).length > 0,
  };
};

const place = (node: ts.Declaration | undefined): string => {
  if (node === undefined) return 'not found';
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(root, file.fileName)}:${line + 1}`;
};

const baseOptions = (): ts.CompilerOptions => {
  const path = join(root, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(path, (name) => readFileSync(name, 'utf8')) as {
    config: unknown;
  };
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, root).options, composite: false };
};
