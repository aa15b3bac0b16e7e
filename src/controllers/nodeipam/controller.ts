/**
 * Gives every node its range of Pod addresses, with --allocate-node-cidrs.
 * Invariant: no two nodes have the same range; a node keeps its own. Counterpart: k8s.io/kubernetes/pkg/controller/nodeipam/ipam (RangeAllocator).
 */
import type { Json } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import { watch, RetryError, type Controller } from '../runtime/controller.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** The default of --node-cidr-mask-size for IPv4. */
const NODE_MASK = 24;

export function createNodeIpamController(context: ControllerContext): Controller {
  const { client, options } = context;
  const range = options.allocateNodeCidrs === true ? parseRange(options.clusterCidr ?? '') : undefined;
  if (range === undefined) return {};
  const used = new Set<string>();
  let next = 0;
  return {
    watches: [
      watch(NODES, (node, _previous, deleted) => {
        const cidr = node.spec?.podCIDR ?? '';
        if (deleted) used.delete(cidr);
        else if (cidr !== '') used.add(cidr);
        return !deleted && cidr === '' ? [node.metadata.name ?? ''] : [];
      }),
    ],
    reconcile: (name) => {
      const node = client.get(NODES, '', name);
      if (node === undefined || (node.spec?.podCIDR ?? '') !== '') return undefined;
      for (let tries = 0; tries < range.count; tries++) {
        const cidr = range.at(next);
        next = (next + 1) % range.count;
        if (used.has(cidr)) continue;
        used.add(cidr);
        client.modify(NODES, '', name, (copy) => {
          const spec = (copy.spec ??= {});
          spec.podCIDR = cidr;
          spec.podCIDRs = [cidr];
        });
        return undefined;
      }
      context.events.event(objectReference(NODES, node), 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
      throw new RetryError('no range of addresses is left');
    },
    checkpoint: () => ({ next, used: [...used] }),
    restore: (state: Json) => {
      const memory = state as { readonly next: number; readonly used: readonly string[] };
      next = memory.next;
      used.clear();
      for (const cidr of memory.used) used.add(cidr);
    },
  };
}

interface Range {
  readonly count: number;
  at(index: number): string;
}

/** The ranges of one node each within a cluster's range. Worked example: 10.244.0.0/16 holds 256 of them, 10.244.0.0/24 to 10.244.255.0/24. */
function parseRange(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, mask = 0] = match.slice(1).map(Number);
  if (mask > NODE_MASK) return undefined;
  const base = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - NODE_MASK);
  return {
    count: 2 ** (NODE_MASK - mask),
    at: (index) => {
      const address = base + index * size;
      return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${NODE_MASK}`;
    },
  };
}
