import type { IStatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';

/** Labels of a pod, or those that a selector asks for. */
export type Labels = Readonly<Record<string, string>>;

/** Any object of Kubernetes, as kustomize writes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

/** What makes pods: a workload with its template, or a pod itself. */
export interface PodSource {
  /** `Deployment/paceline-worker` */
  readonly owner: string;
  readonly labels: Labels;
  readonly spec: IPodSpec;
  /** The labels by which the workload knows its pods again; undefined for a pod. */
  readonly selects: Labels | undefined;
  /** Names of the volumes that a StatefulSet claims for each pod. */
  readonly claims: readonly string[];
}

/** The fields that a pod has, or what makes pods; which of them, its kind says. */
interface PodOrWorkload {
  readonly spec?: IPodSpec & Partial<NonNullable<IStatefulSet['spec']>>;
}

/** What a container runs, as its image says. */
export type Program = 'server' | 'worker';

/** `Deployment/paceline-worker` */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** The objects of a kind. */
export function ofKind<T extends { readonly kind: string }>(
  manifests: readonly Manifest[],
  kind: T['kind'],
): readonly (T & Manifest)[] {
  const isOfKind = (each: Manifest): each is T & Manifest => each.kind === kind;
  return manifests.filter(isOfKind);
}

/** All that makes pods. */
export function podSourcesOf(manifests: readonly Manifest[]): readonly PodSource[] {
  return manifests.flatMap((manifest: Manifest & PodOrWorkload): readonly PodSource[] => {
    const { kind, metadata, spec } = manifest;
    const owner = nameOf(manifest);
    if (kind === 'Pod' && spec !== undefined) {
      return [{ owner, labels: metadata.labels ?? {}, spec, selects: undefined, claims: [] }];
    }
    if (spec?.template?.spec === undefined) return [];
    return [
      {
        owner,
        labels: spec.template.metadata?.labels ?? {},
        spec: spec.template.spec,
        selects: spec.selector?.matchLabels ?? {},
        claims: (spec.volumeClaimTemplates ?? []).map(({ metadata: claim }) => claim?.name ?? ''),
      },
    ];
  });
}

/** Our program in a container; undefined where a command takes its place. */
export function programOf({ image = '', command }: IContainer): Program | undefined {
  if (command !== undefined) return undefined;
  const role = /(?:^|\/)paceline\/(server|worker)/.exec(image)?.[1];
  return role === 'server' || role === 'worker' ? role : undefined;
}

/** The value that a variable of a container has literally. */
export function variableOf({ env = [] }: IContainer, name: string): string | undefined {
  return env.find((each) => each.name === name)?.value;
}

/** Whether a selector finds pods with these labels; an empty one finds all. */
export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
