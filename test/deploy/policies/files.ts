import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IVolume } from 'kubernetes-models/v1/Volume';

import type { Manifest, PodSource } from '../manifest.ts';
import { ofKind } from '../manifest.ts';
import type { Policy } from './policy.ts';
import { forEachPod } from './policy.ts';

/** Every path that a program is given lies in a volume of its, and where the volume's files are known it is one of them. */
export const filesExist: Policy = forEachPod((pod, manifests) =>
  pod.spec.containers.flatMap((container) =>
    pathsOf(container).map((path) => missing(path, container, { pod, manifests })),
  ),
);

/** Absolute paths among arguments (`/x`, `--flag=/x`) and variables. */
function pathsOf({ args = [], env = [] }: IContainer): readonly string[] {
  const values = [...args, ...env.map(({ value = '' }) => value)];
  return values
    .map((text) => text.replace(/^--[a-z-]+=/, ''))
    .filter((text) => text.startsWith('/'));
}

function missing(
  path: string,
  { volumeMounts = [] }: IContainer,
  { pod, manifests }: { readonly pod: PodSource; readonly manifests: readonly Manifest[] },
): string | undefined {
  const isInside = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const mount = volumeMounts.find(({ mountPath }) => isInside(mountPath));
  if (mount === undefined) return `${path} is in no volume`;
  const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name);
  const files = filesOf(volume, manifests);
  const file = path.slice(mount.mountPath.length + 1);
  if (files === undefined || files.includes(file)) return undefined;
  return `${path} is not there: ${mount.name} has ${files.join(', ')}`;
}

/** The files of a volume, as far as the manifests say it. */
function filesOf(
  volume: IVolume | undefined,
  manifests: readonly Manifest[],
): readonly string[] | undefined {
  const items = volume?.secret?.items ?? volume?.configMap?.items;
  if (items !== undefined) return items.map(({ path }) => path);
  const map = ofKind<IConfigMap>(manifests, 'ConfigMap').find(
    ({ metadata }) => metadata.name === volume?.configMap?.name,
  );
  return map === undefined ? undefined : Object.keys(map.data ?? {});
}
