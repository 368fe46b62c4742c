import { join } from 'node:path';

import ts from 'typescript';

import { root } from '../architecture/workspace.ts';
import type { Manifest } from './manifest.ts';
import { nameOf } from './manifest.ts';

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/**
 * Fields that Kubernetes does not know, and would drop or refuse: the manifests become one TypeScript file of typed object
 * literals, and in those the compiler allows no property too many. Takes a second or two.
 */
export function unknownFields(manifests: readonly Manifest[]): readonly string[] {
  const file = join(root, 'test/deploy/rendered.ts');
  const program = ts.createProgram([file], options, hostWith(file, sourceOf(manifests)));
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start = 0, file: source }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    const manifest = manifests[line - manifests.length];
    const words = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${manifest === undefined ? 'manifests' : nameOf(manifest)}: ${words}`;
  });
}

/** One line for each import, then one for each manifest, so that a line tells which it was. */
function sourceOf(manifests: readonly Manifest[]): string {
  const imports = manifests.map(
    ({ apiVersion, kind }, index) =>
      `import type { I${kind} as T${index} } from 'kubernetes-models/${apiVersion}/${kind}';`,
  );
  const literals = manifests.map(
    (manifest, index) => `export const m${index}: T${index} = ${JSON.stringify(manifest)};`,
  );
  return [...imports, ...literals].join('\n');
}

function hostWith(path: string, text: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (name) => name === path || host.fileExists(name),
    readFile: (name) => (name === path ? text : host.readFile(name)),
    getSourceFile: (name, language, ...rest) =>
      name === path
        ? ts.createSourceFile(name, text, language)
        : host.getSourceFile(name, language, ...rest),
  };
}
