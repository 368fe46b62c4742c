import { portsAreOpen, workersFindServer } from './addresses.ts';
import { filesExist } from './files.ts';
import { realFlags } from './flags.ts';
import { hardenedContainers, hardenedPods } from './hardening.ts';
import type { Policy } from './policy.ts';
import type { Given } from './references.ts';
import { referencesExist } from './references.ts';
import { boundedResources, graceEnough, pinnedImages, probesThatMean } from './running.ts';
import { noIdleWorkers } from './scaling.ts';
import { everyPodCovered, selectorsFind } from './selectors.ts';

/** All that manifests of ours must keep, beyond the schemas; `given` exists before they are applied. */
export function policiesWith(given: Given): readonly Policy[] {
  return [
    ...[hardenedPods, hardenedContainers, pinnedImages, boundedResources],
    ...[probesThatMean, graceEnough, realFlags, referencesExist(given), filesExist],
    ...[selectorsFind, everyPodCovered, workersFindServer, portsAreOpen, noIdleWorkers],
  ];
}
