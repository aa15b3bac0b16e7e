import type { Service } from '../../api/schema/types/core/v1.ts';
import type { EndpointHints } from '../../api/schema/types/discovery/v1.ts';
import { asksForTopology } from './topologyCache.ts';

/**
 * From where a ready endpoint should be used first, as the Service's trafficDistribution has it: its own zone
 * (`PreferSameZone`, formerly `PreferClose`), or its own node and else its zone (`PreferSameNode`).
 * Counterpart: k8s.io/endpointslice/trafficdist.
 */
export function hintsOf(service: Service, zone: string | undefined, node: string | undefined): EndpointHints | undefined {
  const distribution = service.spec?.trafficDistribution;
  const sameNode = distribution === 'PreferSameNode';
  if (!sameNode && distribution !== 'PreferSameZone' && distribution !== 'PreferClose') return undefined;
  // The older way to ask for hints comes first.
  if (asksForTopology(service)) return undefined;
  const forNodes = sameNode && node !== undefined && node !== '' ? { forNodes: [{ name: node }] } : {};
  const forZones = zone === undefined || zone === '' ? {} : { forZones: [{ name: zone }] };
  const hints: EndpointHints = { ...forZones, ...forNodes };
  return Object.keys(hints).length === 0 ? undefined : hints;
}
