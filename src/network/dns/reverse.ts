import { ENDPOINTSLICES, SERVICES } from '../../api/schema/resources.ts';
import { formatIP, parseIP } from '../../apimachinery/net/ip.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { INDEX_ENDPOINT_ADDRESS, INDEX_SERVICE_ADDRESS } from '../indexes.ts';
import { isProxied } from '../proxy/serviceRule.ts';
import type { ZoneWorld } from './clusterZone.ts';
import { addressOfReverse, hostOf, readyEndpoints } from './records.ts';

/** The names that an address has: of the Service whose cluster address it is, else of the endpoints. With their dots. */
export function reverse({ client, domain }: ZoneWorld, name: string): readonly string[] {
  const text = addressOfReverse(name);
  const parsed = text === undefined ? undefined : parseIP(text);
  if (parsed === undefined) return [];
  const address = formatIP(parsed.family, parsed.value);
  const suffix = (key: string): string => `${key.split('/').toReversed().join('.')}.svc.${domain}.`;
  const services = client.byIndex(SERVICES, INDEX_SERVICE_ADDRESS, address);
  const own = services.filter((service) => isProxied(service) && (service.spec?.clusterIPs ?? []).includes(address));
  if (own.length > 0) return own.map((service) => suffix(keyOf(service)));
  const names = client.byIndex(ENDPOINTSLICES, INDEX_ENDPOINT_ADDRESS, address).flatMap((slice) => {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (service === undefined) return [];
    return readyEndpoints(slice)
      .filter(({ addresses }) => addresses.includes(address))
      .map((endpoint) => `${hostOf(endpoint)}.${suffix(`${slice.metadata.namespace ?? ''}/${service}`)}`);
  });
  return [...new Set(names)];
}
