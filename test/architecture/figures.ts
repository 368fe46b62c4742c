// Prints the sizes of the sources: `node test/architecture/figures.ts`. CI does so at its end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packageRules } from './table.ts';
import { root, sourcesIn } from './workspace.ts';

const longFileLines = 200;
const longFunctionLines = 40;

interface Sized {
  readonly name: string;
  readonly lines: number;
}

const readText = (file: string): string => readFileSync(join(root, file), 'utf8');
const countLines = (text: string): number => text.trimEnd().split('\n').length;

/** Every function with a body, with its lines from the signature to the end. */
const functionsOf = (file: string): readonly Sized[] => {
  const tree = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  const found: Sized[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const start = lineAt(node.getStart());
      const name = `${file}:${start + 1}`;
      found.push({ name, lines: lineAt(node.getEnd()) - start + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
};

const byLines = (a: Sized, b: Sized): number => b.lines - a.lines;
const row = ({ name, lines }: Sized): string => `  ${String(lines).padStart(6)}  ${name}`;

const report = (): string => {
  const packages = packageRules.map(({ folder }) => ({ folder, files: sourcesIn(folder) }));
  const files = packages
    .flatMap((member) => member.files)
    .map((name): Sized => ({ name, lines: countLines(readText(name)) }));
  const functions = files.flatMap(({ name }) => functionsOf(name));
  const perPackage = packages.map(({ folder, files: own }) => {
    const lines = files
      .filter(({ name }) => own.includes(name))
      .reduce((sum, f) => sum + f.lines, 0);
    return row({ name: `${folder} (${own.length} files)`, lines });
  });
  const long = (items: readonly Sized[], limit: number): readonly string[] =>
    items
      .filter(({ lines }) => lines > limit)
      .sort(byLines)
      .map(row);
  return [
    'lines per package',
    ...perPackage,
    row({ name: `all (${files.length} files)`, lines: files.reduce((sum, f) => sum + f.lines, 0) }),
    `files over ${longFileLines} lines`,
    ...long(files, longFileLines),
    `functions over ${longFunctionLines} lines`,
    ...long(functions, longFunctionLines),
  ].join('\n');
};

process.stdout.write(`${report()}\n`);
