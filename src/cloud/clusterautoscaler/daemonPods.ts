import { DAEMONSETS } from '../../api/schema/resources.ts';
import type { DaemonSet } from '../../api/schema/types/apps/v1.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { Client } from '../../client/client.ts';

/** The Pod that a DaemonSet would run on a node; undefined: none. Only the controller of DaemonSets knows. */
export type DaemonPodOn = (set: DaemonSet, node: Node) => Pod | undefined;

/** What DaemonSets and the machine itself run on a node, each Pod with a uid of its own. */
export function daemonPodsOn(client: Client, daemonPodOn: DaemonPodOn): (node: Node) => readonly Pod[] {
  return (node) => {
    const name = node.metadata.name ?? '';
    return client.list(DAEMONSETS).flatMap((set) => {
      const pod = daemonPodOn(set, node);
      if (pod === undefined) return [];
      const { namespace = '' } = set.metadata;
      return [
        {
          ...pod,
          metadata: { ...pod.metadata, namespace, name: `${set.metadata.name ?? ''}-${name}`, uid: `${set.metadata.uid ?? ''}/${name}` },
        },
      ];
    });
  };
}
