import { matchesLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { keyOf } from '../../../apimachinery/meta/resource.ts';
import type { Node, Pod } from '../../schema/types/core/v1.ts';
import type { Fault } from '../types.ts';

/** So many of the objects that a fault hit are named in its status. */
export const HIT_LIMIT = 20;

export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** Whether the fault is to be felt now. */
export function isActive(fault: Fault): boolean {
  return fault.status?.phase === 'Active' && fault.metadata.deletionTimestamp === undefined;
}

/** Whether the fault's node and zone, as far as it names them, are this node's. */
export function concernsNode({ spec }: Fault, node: Node): boolean {
  const { node: name, zone } = spec?.target ?? {};
  if (name !== undefined && name !== node.metadata.name) return false;
  return zone === undefined || zone === node.metadata.labels?.[ZONE_LABEL];
}

/** Whether the fault names the Pod; one that names no Pods at all does. */
export function concernsPod({ spec }: Fault, pod: Pod): boolean {
  const pods = spec?.target?.pods;
  if (pods === undefined) return true;
  if (pods.namespace !== undefined && pods.namespace !== pod.metadata.namespace) return false;
  if (pods.name !== undefined && pods.name !== pod.metadata.name) return false;
  return pods.selector === undefined || matchesLabelSelector(pods.selector, pod.metadata.labels);
}

/** `registry.example/*` and the like; a fault that names no image concerns all. */
export function concernsImage({ spec }: Fault, image: string): boolean {
  const pattern = spec?.target?.image;
  return pattern === undefined || fits(pattern, image);
}

/** `*` stands for any part, an empty one too. Example: `registry.test/*:1` fits `registry.test/shop:1`. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === pattern;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let position = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}

/** `Node worker-1`, `Pod default/web-1`: how a fault's status names what it hit. */
export function hitName(kind: 'Node' | 'Pod', object: Node | Pod): string {
  return `${kind} ${keyOf(object)}`;
}
