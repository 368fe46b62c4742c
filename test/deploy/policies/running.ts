import type { IContainer } from 'kubernetes-models/v1/Container';
import { parseDurationMs } from 'paceline/programs';

import { programOf, variableOf } from '../manifest.ts';
import type { Policy } from './policy.ts';
import { forEachContainer } from './policy.ts';

/** Between the end that a program gives itself, and SIGKILL. */
const marginMs = 5_000;

/** An image has a version, which `:latest` is not: else two pods may run different programs, whose bits may differ. */
export const pinnedImages: Policy = forEachContainer(({ image = '' }) => [
  !/@sha256:|:[^/]+$/.test(image) && `its image ${image} has no version`,
  image.endsWith(':latest') && `its image ${image} changes under it`,
]);

/** What it needs and what it may take at most. Memory has to be limited; CPU must not be: throttled means slow for all. */
export const boundedResources: Policy = forEachContainer(({ resources = {} }) => [
  resources.requests?.['cpu'] === undefined && 'asks for no CPU',
  resources.requests?.['memory'] === undefined && 'asks for no memory',
  resources.limits?.['memory'] === undefined && 'has no limit of memory',
  resources.limits?.['cpu'] !== undefined && 'is throttled (limits.cpu)',
]);

/** The server is asked for its life and its readiness, and has time to start; a worker is judged by the server. */
export const probesThatMean: Policy = forEachContainer((container) => {
  if (programOf(container) === undefined) return [];
  const probes = {
    startup: container.startupProbe?.httpGet?.path,
    liveness: container.livenessProbe?.httpGet?.path,
    readiness: container.readinessProbe?.httpGet?.path,
  };
  if (programOf(container) === 'worker') {
    return [Object.values(probes).some((path) => path !== undefined) && 'a worker has no HTTP'];
  }
  return [
    probes.startup !== '/healthz' && 'has no startup probe at /healthz',
    probes.liveness !== '/healthz' && 'has no liveness probe at /healthz',
    probes.readiness !== '/readyz' && 'has no readiness probe at /readyz',
  ];
});

/** SIGKILL comes only when the program had the time that it was promised. */
export const graceEnough: Policy = forEachContainer((container, { spec }) => {
  if (programOf(container) !== 'worker') return [];
  const graceMs = promisedGraceMs(container);
  const killedAfterMs = (spec.terminationGracePeriodSeconds ?? 30) * 1_000;
  return [
    graceMs === undefined && 'does not say its grace (PACELINE_GRACE)',
    graceMs !== undefined &&
      graceMs + marginMs > killedAfterMs &&
      `is killed after ${killedAfterMs} ms, with a grace of ${graceMs} ms`,
  ];
});

function promisedGraceMs(container: IContainer): number | undefined {
  const text = variableOf(container, 'PACELINE_GRACE');
  return text === undefined ? undefined : parseDurationMs(text);
}
