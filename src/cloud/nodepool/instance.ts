import { fnv1a } from '../../base/fnv.ts';
import type { Draft } from '../../base/json.ts';
import { UNINITIALIZED } from '../../api/core/node/taints.ts';
import { isTerminated, POOL_LABEL } from '../../api/kubepad/nodepool/label.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';

/** The nodes of a pool whose machines the cloud has not ended. */
export function machinesOf(client: Client, pool: string): readonly Node[] {
  return client.byIndex(NODES, POOL_LABEL, pool).filter((node) => !isTerminated(node));
}

/** Hexadecimal digits that follow from a text, as the cloud numbers its instances. */
export function instanceDigits(text: string, length: number): string {
  let digits = '';
  for (let round = 0; digits.length < length; round++) digits += fnv1a(`${text} ${round}`).toString(16).padStart(8, '0');
  return digits.slice(0, length);
}

/**
 * A machine of a pool as an instance of the cloud: `aws:///us-east-1a/i-0123456789abcdef0`.
 * @param orderedAt no two instances of one name have one number
 */
export function instanceOf(node: Draft<Node>, orderedAt: number): Draft<Node> {
  const zone = node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
  const id = `i-0${instanceDigits(`${node.metadata.name ?? ''} ${orderedAt}`, 16)}`;
  const taints = [...(node.spec?.taints ?? []), { key: UNINITIALIZED, value: 'true', effect: 'NoSchedule' as const }];
  return { ...node, spec: { ...node.spec, providerID: `aws:///${zone}/${id}`, taints } };
}
