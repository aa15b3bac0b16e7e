import type { EndpointAddress, EndpointPort, EndpointSubset } from '../../api/schema/types/core/v1.ts';

/** One address behind one port; without a port for a headless Service that names none. */
export interface Reached {
  readonly address: EndpointAddress;
  readonly ready: boolean;
  readonly port: EndpointPort | undefined;
}

/**
 * Puts addresses and ports together: ports that reach the same addresses (ready and not ready alike) share a subset.
 * Worked example: a and b listen on 80, only a on 443. Port 80 reaches {a, b}, port 443 {a}: two subsets. If both
 * listened on both, it would be one subset with two addresses and two ports.
 * Counterpart: k8s.io/kubernetes/pkg/api/v1/endpoints RepackSubsets. Sorted, so that equal content is equal data.
 */
export function repackSubsets(reached: readonly Reached[]): readonly EndpointSubset[] {
  const byPort = Map.groupBy(reached, ({ port }) => JSON.stringify(port ?? null));
  const byAddresses = Map.groupBy([...byPort.values()], (entries) =>
    JSON.stringify(sortByAddress(entries).map(({ address, ready }) => [address, ready])),
  );
  const subsets = [...byAddresses.values()].map((groups) => subsetOf(groups));
  return subsets.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** Addresses that one Endpoints object holds, at most. */
export const MAX_ADDRESSES = 1000;

/**
 * Cuts the addresses down to what an Endpoints object holds, each subset by its share (rounded up); ready ones are kept first.
 * Worked example: 900 ready and 300 others, 200 of them in subset a and 100 in b: 100 of them stay, 67 in a and 33 in b.
 * Counterpart: truncateEndpoints.
 */
export function truncateSubsets(subsets: readonly EndpointSubset[]): {
  readonly subsets: readonly EndpointSubset[];
  readonly truncated: boolean;
} {
  const total = (key: 'addresses' | 'notReadyAddresses'): number => subsets.reduce((sum, subset) => sum + (subset[key]?.length ?? 0), 0);
  const [ready, others] = [total('addresses'), total('notReadyAddresses')];
  if (ready + others <= MAX_ADDRESSES) return { subsets, truncated: false };
  const cutsReady = ready > MAX_ADDRESSES;
  const key = cutsReady ? 'addresses' : 'notReadyAddresses';
  const room = cutsReady ? MAX_ADDRESSES : MAX_ADDRESSES - ready;
  let left = room;
  const cut = subsets.map(({ ports, ...subset }) => {
    const all = subset[key] ?? [];
    const kept = all.slice(0, Math.min(left, Math.ceil((all.length / (cutsReady ? ready : others)) * room)));
    left -= kept.length;
    const { addresses, notReadyAddresses } = cutsReady
      ? { addresses: kept, notReadyAddresses: [] }
      : { ...subset, notReadyAddresses: kept };
    return {
      ...(addresses === undefined || addresses.length === 0 ? {} : { addresses }),
      ...(notReadyAddresses === undefined || notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
      ...(ports === undefined ? {} : { ports }),
    };
  });
  return { subsets: cut.filter((subset) => subset.addresses !== undefined || subset.notReadyAddresses !== undefined), truncated: true };
}

function subsetOf(groups: readonly (readonly Reached[])[]): EndpointSubset {
  const entries = sortByAddress(groups[0] ?? []);
  const addresses = entries.filter(({ ready }) => ready).map(({ address }) => address);
  const notReadyAddresses = entries.filter(({ ready }) => !ready).map(({ address }) => address);
  const ports = groups.flatMap(([first]) => (first?.port === undefined ? [] : [first.port]));
  ports.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  return {
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
    ...(ports.length === 0 ? {} : { ports }),
  };
}

function sortByAddress(entries: readonly Reached[]): readonly Reached[] {
  const key = ({ address }: Reached): string => `${address.ip} ${address.targetRef?.uid ?? ''}`;
  return [...entries].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
