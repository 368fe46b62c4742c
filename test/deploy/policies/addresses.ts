import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IContainer } from 'kubernetes-models/v1/Container';

import type { Manifest } from '../manifest.ts';
import { nameOf, ofKind, podSourcesOf, programOf, variableOf } from '../manifest.ts';
import type { Policy } from './policy.ts';
import { said } from './policy.ts';

/** Where the server of these manifests is to be found, or why nowhere. */
interface Address {
  readonly url: string;
  readonly port: number;
}

/** Workers go to where the server is: its pod's name in a headless Service, its port, with TLS if it has a certificate. */
export const workersFindServer: Policy = (manifests) => {
  const address = addressOf(manifests);
  return podSourcesOf(manifests).flatMap(({ owner, spec }) =>
    spec.containers
      .filter((container) => programOf(container) === 'worker')
      .flatMap((container) => {
        const url = variableOf(container, 'PACELINE_SERVER');
        const words = `goes to ${url ?? 'nobody'}; the server is at ${address?.url ?? 'no address'}`;
        return said(owner, [url !== address?.url && words]);
      }),
  );
};

/** Network policies let workers through to the port of the server; probes speak TLS exactly if it does. */
export const portsAreOpen: Policy = (manifests) => {
  const address = addressOf(manifests);
  if (address === undefined) return [];
  const closed = ofKind<INetworkPolicy>(manifests, 'NetworkPolicy').filter(({ spec }) => {
    const rules = [...(spec?.ingress ?? []), ...(spec?.egress ?? [])];
    return !rules.some(({ ports = [] }) => ports.some(({ port }) => port === address.port));
  });
  const scheme = address.url.startsWith('wss:') ? 'HTTPS' : undefined;
  const { owner, container } = serverOf(manifests) ?? {};
  const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
  const isDeaf = probes.some((probe) => probe?.httpGet && probe.httpGet.scheme !== scheme);
  return [
    ...closed.flatMap((policy) => said(nameOf(policy), [`port ${address.port} is closed`])),
    ...said(owner ?? 'server', [isDeaf && `a probe does not speak ${scheme ?? 'HTTP'}`]),
  ];
};

function addressOf(manifests: readonly Manifest[]): Address | undefined {
  const server = serverOf(manifests);
  const service = ofKind<IService>(manifests, 'Service').find(
    ({ metadata }) => metadata.name === server?.serviceName,
  );
  const port = service?.spec?.ports?.[0]?.port;
  const isSame = server?.container.ports?.some(({ containerPort }) => containerPort === port);
  if (server === undefined || port === undefined || isSame !== true) return undefined;
  if (service?.spec?.clusterIP !== 'None') return undefined;
  const scheme = variableOf(server.container, 'PACELINE_TLS_CERT') === undefined ? 'ws' : 'wss';
  return { url: `${scheme}://${server.name}-0.${server.serviceName}:${port}`, port };
}

interface Server {
  readonly owner: string;
  readonly name: string;
  readonly serviceName: string;
  readonly container: IContainer;
}

function serverOf(manifests: readonly Manifest[]): Server | undefined {
  const owner = podSourcesOf(manifests).find(({ spec }) =>
    spec.containers.some((container) => programOf(container) === 'server'),
  );
  const container = owner?.spec.containers.find((each) => programOf(each) === 'server');
  const set = manifests.find((each) => nameOf(each) === owner?.owner) as
    (Manifest & { readonly spec: { readonly serviceName?: string } }) | undefined;
  if (owner === undefined || container === undefined || set === undefined) return undefined;
  return {
    owner: owner.owner,
    name: set.metadata.name,
    serviceName: set.spec.serviceName ?? '',
    container,
  };
}
