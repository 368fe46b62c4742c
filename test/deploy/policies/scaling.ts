import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';

import { nameOf, ofKind } from '../manifest.ts';
import type { Manifest } from '../manifest.ts';
import type { Policy } from './policy.ts';
import { said } from './policy.ts';

/** Nobody is started who would have nothing to do: a step has `microbatches` pieces. */
export const noIdleWorkers: Policy = (manifests) => {
  const most = microbatchesOf(manifests);
  const counts = [
    ...ofKind<IDeployment>(manifests, 'Deployment').map((each) => ({
      by: nameOf(each),
      workers: each.spec?.replicas ?? 0,
    })),
    ...ofKind<IHorizontalPodAutoscaler>(manifests, 'HorizontalPodAutoscaler').map((each) => ({
      by: nameOf(each),
      workers: each.spec.maxReplicas,
    })),
  ];
  return counts.flatMap(({ by, workers }) =>
    said(by, [
      most !== undefined && workers > most && `${workers} workers for ${most} microbatches`,
    ]),
  );
};

function microbatchesOf(manifests: readonly Manifest[]): number | undefined {
  const jobs = ofKind<IConfigMap>(manifests, 'ConfigMap').map(({ data }) => data?.['job.json']);
  const job = jobs.find((text) => text !== undefined);
  if (job === undefined) return undefined;
  return (JSON.parse(job) as { readonly microbatches?: number }).microbatches;
}
