import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { root } from '../architecture/workspace.ts';
import { run } from '../support/run.ts';
import type { Manifest } from './manifest.ts';

/** Where the manifests are, from the root of the repository. */
export const kubernetes = 'deploy/kubernetes';

/** The folders that one applies: the base, each overlay, and what fetches the results. */
export function folders(): readonly string[] {
  const overlays = readdirSync(join(root, kubernetes, 'overlays'));
  return ['base', ...overlays.map((name) => `overlays/${name}`), 'fetch'];
}

/**
 * The objects of a folder of `deploy/kubernetes` (or of an absolute path), as kubectl would send them.
 *
 * @throws Error with what kubectl said, or where a document is no YAML
 */
export async function render(kubectl: string, folder: string): Promise<readonly Manifest[]> {
  const text = await run(kubectl, ['kustomize', resolve(root, kubernetes, folder)]);
  const documents = parseAllDocuments(text);
  if ('empty' in documents) throw new Error(`${folder} is empty`);
  return documents.map((document) => {
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong !== undefined) throw wrong;
    return document.toJS() as Manifest;
  });
}
