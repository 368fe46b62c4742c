import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type PackageRule, packageRules } from './table.ts';

/** The root of the repository. */
export const root: string = resolve(import.meta.dirname, '../..');

/** The parts of a package.json that the tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A workspace package as it stands on disk. */
export interface WorkspacePackage {
  readonly rule: PackageRule;
  readonly manifest: Manifest;
  /** Its source files, as paths from the root of the repository. */
  readonly sources: readonly string[];
  /** Its entries, as paths from the root: those files that its `exports` name under `paceline-source`. */
  readonly entries: readonly string[];
}

/** Reads the manifest in `folder` (from the root of the repository). */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** Folders of the workspace that have a manifest, whether the table knows them or not. */
export const workspaceFolders = (): readonly string[] =>
  globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root })
    .map((path) => path.replace(/\/package\.json$/, ''))
    .sort();

/** Source files under `folder`: no tests, nothing generated. */
export const sourcesIn = (folder: string): readonly string[] =>
  globSync(`${folder}/src/**/*.ts`, { cwd: root })
    .filter((path) => !path.includes('/kernels/assembly/') && !path.endsWith('.wasm.ts'))
    .sort();

/** All packages of the table. */
export const readWorkspace = (): readonly WorkspacePackage[] =>
  packageRules.map((rule) => {
    const manifest = readManifest(rule.folder);
    const entries = Object.values(manifest.exports ?? {})
      .map((target) => (typeof target === 'string' ? undefined : target['paceline-source']))
      .filter((path) => path !== undefined)
      .map((path) => join(rule.folder, path))
      .filter((path) => existsSync(join(root, path)));
    return { rule, manifest, sources: sourcesIn(rule.folder), entries };
  });
