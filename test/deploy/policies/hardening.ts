import type { PodSource } from '../manifest.ts';
import type { Found, Policy } from './policy.ts';
import { forEachContainer, forEachPod } from './policy.ts';

/** Volumes that show nothing of the node (Pod Security Standards, restricted). */
const harmless = ['configMap', 'secret', 'emptyDir', 'persistentVolumeClaim', 'projected'];

/** Pods as the Pod Security Standards want them for `restricted`, and without an account of the cluster. */
export const hardenedPods: Policy = forEachPod(({ spec }) => {
  const context = spec.securityContext ?? {};
  return [
    context.runAsNonRoot !== true && 'may run as root (runAsNonRoot)',
    (context.runAsUser ?? 0) === 0 && 'has no user of its own (runAsUser)',
    context.seccompProfile?.type !== 'RuntimeDefault' && 'lacks seccompProfile RuntimeDefault',
    spec.automountServiceAccountToken !== false && 'gets an account of the cluster',
    spec.enableServiceLinks !== false && 'gets variables of Services (enableServiceLinks)',
    (spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC) === true && 'shares the host',
    ...exposedVolumes(spec),
  ];
});

/** Containers that can neither write to their image nor become more than they are. */
export const hardenedContainers: Policy = forEachContainer(({ securityContext = {} }) => [
  securityContext.privileged === true && 'is privileged',
  securityContext.allowPrivilegeEscalation !== false && 'may gain privileges',
  securityContext.readOnlyRootFilesystem !== true && 'can write to its root file system',
  securityContext.capabilities?.drop?.includes('ALL') !== true && 'keeps capabilities',
  (securityContext.capabilities?.add?.length ?? 0) > 0 && 'adds capabilities',
  securityContext.runAsUser === 0 && 'runs as root',
]);

function exposedVolumes({ volumes = [] }: PodSource['spec']): Found {
  return volumes
    .filter((volume) => Object.keys(volume).every((key) => !harmless.includes(key)))
    .map(({ name }) => `its volume ${name} is of a kind that shows the node`);
}
