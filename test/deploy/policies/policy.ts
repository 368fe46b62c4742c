import type { IContainer } from 'kubernetes-models/v1/Container';

import type { Manifest, PodSource } from '../manifest.ts';
import { podSourcesOf } from '../manifest.ts';

/** What one applies together in, complaints out: each a sentence that begins with the object. Pure. */
export type Policy = (manifests: readonly Manifest[]) => readonly string[];

/** What a check finds wrong, in words that follow the name of what it looked at. */
export type Found = readonly (string | false | undefined)[];

/** A policy that looks at each container by itself. */
export function forEachContainer(check: (container: IContainer, pod: PodSource) => Found): Policy {
  return forEachPod((pod) =>
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap((container) =>
      said(container.name, check(container, pod)),
    ),
  );
}

/** A policy that looks at each pod by itself. */
export function forEachPod(
  check: (pod: PodSource, manifests: readonly Manifest[]) => Found,
): Policy {
  return (manifests) =>
    podSourcesOf(manifests).flatMap((pod) => said(pod.owner, check(pod, manifests)));
}

/** Complaints about `what`, without those that turned out to be none. */
export function said(what: string, found: Found): readonly string[] {
  return found.filter((words) => typeof words === 'string').map((words) => `${what}: ${words}`);
}
