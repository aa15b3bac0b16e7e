import { IPADDRESSES } from '../../../../api/schema/resources.ts';
import type { Service } from '../../../../api/schema/types/core/v1.ts';
import type { IPAddress } from '../../../../api/schema/types/networking/v1.ts';
import { isHeadless } from '../../../../api/core/service/traits.ts';
import { parseIP } from '../../../../apimachinery/net/ip.ts';
import { apiVersion, type KubeObject } from '../../../../apimachinery/meta/resource.ts';
import type { Draft } from '../../../../base/json.ts';
import type { RegistryHooks } from '../../hooks.ts';

const FAMILY_LABEL = 'ipaddress.kubernetes.io/ip-family';
const MANAGER_LABEL = 'ipaddress.kubernetes.io/managed-by';

/**
 * Every cluster IP of a Service is an object of its own, which says whose it is and keeps others from taking it.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/service/ipallocator.
 */
export const serviceHooks: RegistryHooks = {
  written(before, after, { create, remove }) {
    const held = addressesOf(before);
    const wanted = addressesOf(after);
    for (const ip of wanted) if (!held.includes(ip)) create(IPADDRESSES, '', addressObject(ip, after ?? before));
    for (const ip of held) if (!wanted.includes(ip)) remove(IPADDRESSES, '', ip);
  },
};

/** The objects that stand for the cluster IPs of a Service. */
export function addressObjects(service: KubeObject): readonly Draft<IPAddress>[] {
  return addressesOf(service).map((ip) => addressObject(ip, service));
}

function addressesOf(object: KubeObject | undefined): readonly string[] {
  const spec = (object as Service | undefined)?.spec;
  return spec === undefined || spec.type === 'ExternalName' || isHeadless(spec) ? [] : (spec.clusterIPs ?? []);
}

function addressObject(ip: string, service: KubeObject | undefined): Draft<IPAddress> {
  const { namespace = '', name = '' } = service?.metadata ?? {};
  return {
    apiVersion: apiVersion(IPADDRESSES),
    kind: IPADDRESSES.kind,
    metadata: { name: ip, labels: { [FAMILY_LABEL]: parseIP(ip)?.family ?? '', [MANAGER_LABEL]: 'ipallocator.k8s.io' } },
    spec: { parentRef: { resource: 'services', namespace, name } },
  };
}
