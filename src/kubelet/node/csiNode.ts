import type { Client } from '../../client/client.ts';
import { CSINODES, NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';

/** In-tree plugins of old whose volumes their drivers outside have taken over. */
const MIGRATED = [
  'kubernetes.io/aws-ebs',
  'kubernetes.io/azure-disk',
  'kubernetes.io/azure-file',
  'kubernetes.io/cinder',
  'kubernetes.io/gce-pd',
  'kubernetes.io/portworx-volume',
  'kubernetes.io/vsphere-volume',
].join(',');

/**
 * Makes the object in which storage drivers register on this node; it goes with the Node.
 * Counterpart: k8s.io/kubernetes/pkg/volume/csi/nodeinfomanager.
 */
export function ensureCsiNode(client: Client, { metadata }: Node): void {
  const { name = '', uid = '' } = metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
  try {
    // One that a Node of that name left behind would be collected with it.
    const found = client.modify(CSINODES, '', name, (copy) => void (copy.metadata.ownerReferences = ownerReferences));
    if (found !== undefined) return;
    client.create(CSINODES, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: {
        name,
        annotations: { 'storage.alpha.kubernetes.io/migrated-plugins': MIGRATED },
        ownerReferences,
      },
      spec: { drivers: [] },
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

/** Says on the Node that attaching volumes to it is left to the control plane. */
export function leaveAttaching(client: Client, node: string): void {
  try {
    client.modify(NODES, '', node, ({ metadata }) => void ((metadata.annotations ??= {})[MANAGED] = 'true'));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

const MANAGED = 'volumes.kubernetes.io/controller-managed-attach-detach';
