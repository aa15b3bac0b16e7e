import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { Resolver } from '../../runtime/network.ts';

/** What resolv.conf may hold; what is more is left out. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_TEXT = 2_048;
const DEFAULT_NDOTS = 1;

export interface DnsSettings {
  /** Where the cluster's DNS is reached (`--cluster-dns`). */
  readonly address: string;
  /** `--cluster-domain` */
  readonly domain: string;
  /** What the machines themselves ask. */
  readonly node: Resolver;
}

/**
 * What a Pod's /etc/resolv.conf says, by its dnsPolicy and dnsConfig.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/network/dns.
 */
export function resolverOf({ metadata, spec }: Pod, { address, domain, node }: DnsSettings): Resolver {
  const base = ((): Resolver => {
    const inCluster = [`${metadata.namespace ?? ''}.svc.${domain}`, `svc.${domain}`, domain];
    const cluster = { nameservers: [address], searches: [...inCluster, ...node.searches], options: ['ndots:5'] };
    switch (spec?.dnsPolicy) {
      case 'None':
        return { nameservers: [], searches: [], options: [] };
      case 'Default':
        return node;
      case 'ClusterFirstWithHostNet':
        return cluster;
      default:
        return spec?.hostNetwork === true ? node : cluster;
    }
  })();
  const { nameservers = [], searches = [], options = [] } = spec?.dnsConfig ?? {};
  return {
    nameservers: [...new Set([...base.nameservers, ...nameservers])].slice(0, MAX_NAMESERVERS),
    searches: limited([...new Set([...base.searches, ...searches])]),
    options: merged(
      base.options,
      options.map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`)),
    ),
  };
}

/** Which names are asked for, one after the other: as it is first, if it has enough dots. */
export function candidates(name: string, { searches, options }: Resolver): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const dots = name.split('.').length - 1;
  const ndots = Number(options.find((option) => option.startsWith('ndots:'))?.slice('ndots:'.length) ?? DEFAULT_NDOTS);
  const expanded = searches.map((search) => `${name}.${search.replace(/\.$/, '')}`);
  return dots >= ndots ? [name, ...expanded] : [...expanded, name];
}

/** An option of the Pod takes the place of one of the same name. */
function merged(base: readonly string[], own: readonly string[]): readonly string[] {
  const nameOf = (option: string): string => option.split(':')[0] ?? option;
  const kept = base.filter((option) => !own.some((other) => nameOf(other) === nameOf(option)));
  return [...kept, ...own];
}

function limited(searches: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const search of searches.slice(0, MAX_SEARCHES)) {
    length += search.length + 1;
    if (length > MAX_SEARCH_TEXT) break;
    kept.push(search);
  }
  return kept;
}
