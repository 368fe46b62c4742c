import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IVolume } from 'kubernetes-models/v1/Volume';

import type { Manifest, PodSource } from '../manifest.ts';
import { nameOf, ofKind } from '../manifest.ts';
import type { Found, Policy } from './policy.ts';
import { forEachPod, said } from './policy.ts';

/** What every cluster has, or the README tells to create first; names as in `Secret/paceline-token`. */
export type Given = readonly string[];

/** Whatever a pod or an autoscaler names is there: in the manifests, or given. */
export function referencesExist(given: Given): Policy {
  const ofPods = forEachPod((pod, manifests) => {
    const known = new Set([...given, ...manifests.map(nameOf)]);
    return [
      ...namedBy(pod)
        .filter((name) => !known.has(name))
        .map((name) => `${name} does not exist`),
      ...volumesAndMounts(pod),
    ];
  });
  return (manifests) => [...ofPods(manifests), ...autoscalersWithoutTarget(manifests)];
}

function namedBy({ spec }: PodSource): readonly string[] {
  const { volumes = [], containers, priorityClassName } = spec;
  return [
    ...volumes.flatMap(namedByVolume),
    ...containers.flatMap(namedByVariables),
    ...(priorityClassName === undefined ? [] : [`PriorityClass/${priorityClassName}`]),
  ];
}

function namedByVolume({ configMap, secret, persistentVolumeClaim }: IVolume): readonly string[] {
  return [
    ...(configMap === undefined ? [] : [`ConfigMap/${configMap.name ?? ''}`]),
    ...(secret === undefined ? [] : [`Secret/${secret.secretName ?? ''}`]),
    ...(persistentVolumeClaim === undefined
      ? []
      : [`PersistentVolumeClaim/${persistentVolumeClaim.claimName}`]),
  ];
}

function namedByVariables({ env = [] }: IContainer): readonly string[] {
  return env.flatMap(({ valueFrom: { configMapKeyRef, secretKeyRef } = {} }) => [
    ...(configMapKeyRef === undefined ? [] : [`ConfigMap/${configMapKeyRef.name ?? ''}`]),
    ...(secretKeyRef === undefined ? [] : [`Secret/${secretKeyRef.name ?? ''}`]),
  ]);
}

/** Each mount has its volume, and each volume a mount. */
function volumesAndMounts({ spec, claims }: PodSource): Found {
  const volumes = new Set([...(spec.volumes ?? []).map(({ name }) => name), ...claims]);
  const mounts = new Set(
    spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)),
  );
  return [
    ...[...mounts].filter((name) => !volumes.has(name)).map((name) => `no volume ${name}`),
    ...[...volumes].filter((name) => !mounts.has(name)).map((name) => `${name} is not mounted`),
  ];
}

function autoscalersWithoutTarget(manifests: readonly Manifest[]): readonly string[] {
  const known = new Set(manifests.map(nameOf));
  return ofKind<IHorizontalPodAutoscaler>(manifests, 'HorizontalPodAutoscaler').flatMap(
    (scaler) => {
      const { kind, name } = scaler.spec.scaleTargetRef;
      const target = manifests.find((each) => nameOf(each) === `${kind}/${name}`) as
        (Manifest & { readonly spec: { readonly replicas?: number } }) | undefined;
      return said(nameOf(scaler), [
        !known.has(`${kind}/${name}`) && `${kind}/${name} does not exist`,
        target?.spec.replicas !== undefined && `${kind}/${name} says itself how many`,
      ]);
    },
  );
}
