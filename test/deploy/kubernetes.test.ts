import { copyFileSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { loadJob } from 'paceline/programs';
import { describe, expect, test } from 'vitest';

import { root } from '../architecture/workspace.ts';
import { requireOrSkip } from '../support/require.ts';
import { openScratch } from '../support/scratch.ts';
import { provideKubectl } from './kubectl.ts';
import type { Manifest } from './manifest.ts';
import { nameOf, podSourcesOf } from './manifest.ts';
import { mistakes } from './mistakes.ts';
import { policiesWith } from './policies/policies.ts';
import { folders, kubernetes, render } from './render.ts';
import { schemaComplaints } from './schemas.ts';
import { unknownFields } from './unknown-fields.ts';

const kubectl = provideKubectl();
const testRendered = requireOrSkip('kubectl, or pip to bring it', kubectl !== undefined);

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = read(`${kubernetes}/README.md`);
const renderings = new Map<string, Promise<readonly Manifest[]>>();

/** The manifests of a folder, rendered once. */
function rendered(folder: string): Promise<readonly Manifest[]> {
  const manifests = renderings.get(folder) ?? render(kubectl ?? '', folder);
  renderings.set(folder, manifests);
  return manifests;
}

/** What is there before a folder is applied: Secrets that the README tells to make, and what the base claims. */
async function given(): Promise<readonly string[]> {
  const secrets = readme.matchAll(/kubectl create secret (?:generic|tls) (\S+)/g);
  const claims = podSourcesOf(await rendered('base')).flatMap(({ owner, claims }) =>
    claims.map((name) => `PersistentVolumeClaim/${name}-${owner.split('/')[1] ?? ''}-0`),
  );
  return [...[...secrets].map(([, name = '']) => `Secret/${name}`), ...claims];
}

/** What our own rules have against manifests. */
async function complaints(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const policies = policiesWith(await given());
  return policies.flatMap((policy) => policy(manifests));
}

describe.each(folders())('%s', (folder) => {
  testRendered('has what the schemas of Kubernetes ask for', async () => {
    const manifests = await rendered(folder);
    expect(manifests.length).toBeGreaterThan(0);
    expect(manifests.flatMap(schemaComplaints)).toEqual([]);
  });

  testRendered('keeps every rule of ours', async () => {
    expect(await complaints(await rendered(folder))).toEqual([]);
  });

  testRendered('has nothing twice', async () => {
    const names = (await rendered(folder)).map(nameOf);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('all folders', () => {
  testRendered('have no field that Kubernetes does not know', async () => {
    const manifests = await Promise.all(folders().map(rendered));
    expect(unknownFields(manifests.flat())).toEqual([]);
  });

  testRendered('take our images in the version of this repository', async () => {
    const { version } = JSON.parse(read('package.json')) as { readonly version: string };
    const manifests = (await Promise.all(folders().map(rendered))).flat();
    const images = podSourcesOf(manifests).flatMap(({ spec }) => spec.containers);
    const tags = images.map(({ image = '' }) => /^paceline\/[a-z-]+:(.*)$/.exec(image)?.[1]);
    expect(new Set(tags)).toEqual(new Set([version]));
  });
});

testRendered(
  'an overlay as the README shows it keeps every rule, with images of its own',
  async () => {
    using scratch = openScratch();
    const example = /```yaml\n(resources: [^]*?)```/.exec(readme)?.[1] ?? '';
    const toRoot = relative(realpathSync(scratch.path), root);
    writeFileSync(
      join(scratch.path, 'kustomization.yaml'),
      example.replaceAll('../paceline', toRoot),
    );
    copyFileSync(join(root, kubernetes, 'base/job.json'), join(scratch.path, 'job.json'));
    const manifests = await render(kubectl ?? '', scratch.path);
    expect(await complaints(manifests)).toEqual([]);
    const images = podSourcesOf(manifests).flatMap(({ spec }) => spec.containers);
    expect(images.map(({ image }) => image).sort()).toEqual([
      'registry.example/paceline/server:0.1.0',
      'registry.example/paceline/worker:0.1.0',
    ]);
  },
);

describe('a mistake is noticed:', () => {
  for (const { what, from, to, complaint } of mistakes) {
    testRendered(what, async () => {
      const right = JSON.stringify(await rendered('overlays/production'));
      const wrong = right.replace(from, to);
      expect(wrong).not.toBe(right);
      const manifests = JSON.parse(wrong) as readonly Manifest[];
      expect((await complaints(manifests)).join('\n')).toMatch(complaint);
    });
  }

  testRendered('a field that is misspelled, missing, or of another type', async () => {
    const text = JSON.stringify(await rendered('base'));
    const broken = (from: string, to: string): readonly Manifest[] =>
      JSON.parse(text.replace(from, to)) as readonly Manifest[];
    expect(unknownFields(broken('"livenessProbe"', '"livenesProbe"'))).toEqual([
      expect.stringMatching(/^StatefulSet\/paceline-server: .*livenesProbe/),
    ]);
    expect(broken('"port":7070,', '').flatMap(schemaComplaints)).toEqual([
      expect.stringMatching(/^Service\/paceline-server: .*port/),
    ]);
    expect(broken('"replicas":2', '"replicas":"two"').flatMap(schemaComplaints)).toEqual([
      expect.stringMatching(/^Deployment\/paceline-worker: .*integer/),
    ]);
  });
});

test('the job needs nothing at the workers, and is the built-in one of which the documents speak', async () => {
  const own = await loadJob(join(root, kubernetes, 'base/job.json'));
  const builtin = await loadJob('mnist-mlp');
  expect(own.source.kind).toBe('data');
  const { name: _name, model: _model, ...settings } = builtin.job.settings;
  expect(own.job.settings).toMatchObject(settings);
});

test('the job with functions is a file that both sides need', async () => {
  const { source } = await loadJob(join(root, kubernetes, 'overlays/functions/job.ts'));
  expect(source.kind).toBe('file');
});

test('every folder that the README applies is there', () => {
  const applied = [...readme.matchAll(/ -k deploy\/kubernetes\/(\S+)/g)].map(([, path]) => path);
  expect(applied.length).toBeGreaterThan(3);
  expect(folders()).toEqual(expect.arrayContaining(applied));
});
