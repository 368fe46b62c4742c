import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IService } from 'kubernetes-models/v1/Service';

import type { Labels, Manifest } from '../manifest.ts';
import { matches, nameOf, ofKind, podSourcesOf } from '../manifest.ts';
import type { Policy } from './policy.ts';
import { said } from './policy.ts';

interface Selecting {
  readonly by: string;
  readonly labels: Labels;
}

/** Whoever selects pods finds exactly those of one workload: none would be a mistake, two one that is hard to see. */
export const selectorsFind: Policy = (manifests) => {
  const pods = podSourcesOf(manifests);
  return selectorsOf(manifests).flatMap(({ by, labels }) => {
    const found = pods.filter((pod) => matches(labels, pod.labels)).map(({ owner }) => owner);
    if (found.length === 1) return [];
    const words = found.length === 0 ? 'no pods' : found.join(' and ');
    return [`${by}: ${JSON.stringify(labels)} selects ${words}`];
  });
};

/** Every workload has its network policy, and one of which a part may be missing has a disruption budget. */
export const everyPodCovered: Policy = (manifests) => {
  const policies = ofKind<INetworkPolicy>(manifests, 'NetworkPolicy');
  const budgets = ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget');
  const isCovered = (selectors: readonly (Labels | undefined)[], labels: Labels): boolean =>
    selectors.some((selector) => selector !== undefined && matches(selector, labels));
  const fenced = policies.map(({ spec }) => spec?.podSelector?.matchLabels);
  const budgeted = budgets.map(({ spec }) => spec?.selector?.matchLabels);
  return podSourcesOf(manifests)
    .filter(({ selects }) => selects !== undefined)
    .flatMap(({ owner, labels }) =>
      said(owner, [
        !isCovered(fenced, labels) && 'no network policy is for it',
        owner.startsWith('Deployment/') &&
          !isCovered(budgeted, labels) &&
          'no disruption budget is for it',
      ]),
    );
};

function selectorsOf(manifests: readonly Manifest[]): readonly Selecting[] {
  const services = ofKind<IService>(manifests, 'Service');
  const budgets = ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget');
  const policies = ofKind<INetworkPolicy>(manifests, 'NetworkPolicy');
  return [
    ...services.map((each) => ({ by: nameOf(each), labels: each.spec?.selector ?? {} })),
    ...budgets.map((each) => ({
      by: nameOf(each),
      labels: each.spec?.selector?.matchLabels ?? {},
    })),
    ...policies.flatMap((each) =>
      peersOf(each).map((labels) => ({ by: nameOf(each), labels: labels ?? {} })),
    ),
    ...podSourcesOf(manifests).flatMap(({ owner, selects, spec }) => [
      ...(selects === undefined ? [] : [{ by: owner, labels: selects }]),
      ...(spec.topologySpreadConstraints ?? []).map(({ labelSelector }) => ({
        by: `${owner} (spread)`,
        labels: labelSelector?.matchLabels ?? {},
      })),
    ]),
  ];
}

/** The pods that a policy is for, and those that it lets through. */
function peersOf({ spec }: INetworkPolicy): readonly (Labels | undefined)[] {
  const from = (spec?.ingress ?? []).flatMap((rule) => rule.from ?? []);
  const to = (spec?.egress ?? []).flatMap((rule) => rule.to ?? []);
  const peers = [...from, ...to].map(({ podSelector }) => podSelector);
  return [spec?.podSelector, ...peers].map((selector) => selector?.matchLabels);
}
