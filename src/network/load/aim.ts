/** What a Load leads to, by name: the Ingress that takes it up and the Service that is asked for. Reads only. */
import { NODES, SERVICES } from '../../api/schema/resources.ts';
import type { Load } from '../../api/kubepad/load/types.ts';
import { parseTarget } from '../../api/kubepad/load/url.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { INDEX_BALANCER, INDEX_NODE_ADDRESS, INDEX_NODE_PORT, INDEX_SERVICE_ADDRESS } from '../indexes.ts';
import type { PlanEnvironment } from './plan.ts';

export interface LoadAim {
  /** `namespace/name`; undefined: none is on the way. */
  readonly ingress: string | undefined;
  readonly service: string | undefined;
}

const NOWHERE: LoadAim = { ingress: undefined, service: undefined };

export function aimOf({ spec }: Load, environment: Pick<PlanEnvironment, 'client' | 'dns' | 'ingress' | 'ingressAddress'>): LoadAim {
  const { client, dns, ingress, ingressAddress } = environment;
  const { target = {}, clients = {} } = spec ?? {};
  if (target.service !== undefined)
    return { ingress: undefined, service: `${target.service.namespace ?? 'default'}/${target.service.name}` };
  const url = parseTarget(target.url ?? '');
  if (url === undefined) return NOWHERE;
  const isOutside = clients.pods === undefined;
  const found = isOutside ? dns.lookupOutside(url.host) : dns.lookupInside(url.host);
  const [address = ''] = found.ok ? found.addresses : [];
  // Also where its name is not known yet: it is meant for the Ingress that has rules for the host.
  if (isOutside && (address === ingressAddress || !found.ok))
    return ingress.routed(url.host, url.path.split('?')[0] ?? url.path) ?? NOWHERE;
  const [service] = [
    ...client.byIndex(SERVICES, INDEX_SERVICE_ADDRESS, address),
    ...client.byIndex(SERVICES, INDEX_BALANCER, address),
    ...(client.byIndex(NODES, INDEX_NODE_ADDRESS, address).length > 0 ? client.byIndex(SERVICES, INDEX_NODE_PORT, String(url.port)) : []),
  ];
  return service === undefined ? NOWHERE : { ingress: undefined, service: keyOf(service) };
}
