import type { Service } from '../../api/schema/types/core/v1.ts';
import type { ServiceCIDR } from '../../api/schema/types/networking/v1.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/**
 * The range that Services have their addresses from: as the server says it (since 1.33), else guessed from the address of its own Service,
 * which is the first of the range. IPv4 alone. Undefined: nothing is known.
 */
export function serviceRange(objects: readonly KubeObject[]): string | undefined {
  const said = objects.find(({ kind, metadata }) => kind === 'ServiceCIDR' && metadata.name === 'kubernetes') as ServiceCIDR | undefined;
  const range = (said?.spec?.cidrs ?? []).find((cidr) => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr));
  if (range !== undefined) return range;
  const own = objects.find(
    ({ kind, metadata }) => kind === 'Service' && metadata.namespace === 'default' && metadata.name === 'kubernetes',
  );
  const address = /^(\d+\.\d+)\.0\.1$/.exec((own as Service | undefined)?.spec?.clusterIP ?? '');
  if (address === null) return undefined;
  const [, start = ''] = address;
  // The usual range of kubeadm is larger than a guess would be.
  return start === '10.96' ? '10.96.0.0/12' : `${start}.0.0/16`;
}
