/** What the map is drawn from: the objects of the moment that is shown, and the Pods counted by groups. */
import type { Node } from '../../../api/schema/types/core/v1.ts';
import type { ObjectSource } from '../../projection/groups.ts';
import type { ObjectRef } from '../../protocol/view.ts';
import type { MapQuery } from './model.ts';
import type { PodTally } from './pods.ts';

export interface MapPlace {
  readonly source: ObjectSource;
  readonly query: MapQuery;
  readonly tally: PodTally;
  /** Whether nodes are drawn as their zones. */
  readonly byZone: boolean;
  readonly placeOf: (node: string) => string;
}

/** More nodes than these are drawn as their zones. */
export const MAX_SINGLE_NODES = 40;
const ZONE = 'topology.kubernetes.io/zone';

/** What stands for a node on the map: itself or its zone; empty for no node. */
export function placesOf(source: ObjectSource, byZone: boolean): (node: string) => string {
  if (!byZone) return (node) => node;
  return (name) => (name === '' ? '' : zoneOf(source.get('nodes', name) as Node | undefined));
}

export function zoneOf(node: Node | undefined): string {
  return node?.metadata.labels?.[ZONE] ?? 'no zone';
}

export function refOf(apiVersion: string, kind: string, namespace: string, name: string): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** `1 Pod`, `3 Pods`. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
