import { NODES } from '../api/schema/resources.ts';
import type { Client } from './client.ts';

/** Takes the taints with this key off a node; one that has none is left alone. */
export function removeTaint(client: Client, nodeName: string, key: string): void {
  client.modify(NODES, '', nodeName, ({ spec }) => {
    const taints = spec?.taints;
    if (spec === undefined || taints?.some((taint) => taint.key === key) !== true) return;
    const rest = taints.filter((taint) => taint.key !== key);
    if (rest.length === 0) delete spec.taints;
    else spec.taints = rest;
  });
}
