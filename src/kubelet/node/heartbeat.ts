import type { Client } from '../../client/client.ts';
import { LEASES } from '../../api/schema/resources.ts';
import type { Lease } from '../../api/schema/types/coordination/v1.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Draft } from '../../base/json.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { formatMicroTime } from '../../apimachinery/meta/time.ts';

export const LEASE_NAMESPACE = 'kube-node-lease';
export const LEASE_INTERVAL_MS = 10_000;
/** How often a status that has not changed is written all the same. */
export const REPORT_INTERVAL_MS = 300_000;
const LEASE_DURATION_SECONDS = 40;

/** Renews the node's Lease, or makes it. A Lease that cannot be written is tried again with the next heartbeat. */
export function renewLease(client: Client, node: Node, nowMs: number): void {
  const name = node.metadata.name ?? '';
  const renewTime = formatMicroTime(nowMs);
  try {
    const stored = client.get(LEASES, LEASE_NAMESPACE, name);
    if (stored === undefined) client.create(LEASES, newLease(node, renewTime));
    else client.update(LEASES, { ...stored, metadata: { ...stored.metadata }, spec: { ...stored.spec, renewTime } } as Draft<Lease>);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

function newLease(node: Node, renewTime: string): Draft<Lease> {
  const name = node.metadata.name ?? '';
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: LEASE_NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_DURATION_SECONDS, renewTime },
  };
}
