/**
 * Looks at machines that have just registered: once the cloud has said what it knows of them, Pods may go there.
 * Invariant: a Node without the taint of a machine that is yet to be looked at is left alone.
 * Counterpart: k8s.io/cloud-provider/controllers/node.
 */
import { UNINITIALIZED } from '../../api/core/node/taints.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { objectReference } from '../../client/client.ts';
import { removeTaint } from '../../client/taints.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createCloudNodeController({ client, events }: ControllerContext): Controller {
  return {
    watches: [watch(NODES, (node, _previous, deleted) => (deleted || !isNew(node) ? [] : [node.metadata.name ?? '']))],
    reconcile: (name) => {
      const node = client.get(NODES, '', name);
      if (node === undefined || !isNew(node)) return undefined;
      removeTaint(client, name, UNINITIALIZED);
      events.event(objectReference(NODES, node), 'Normal', 'Synced', 'Node synced successfully');
      return undefined;
    },
  };
}

function isNew({ spec }: Node): boolean {
  return spec?.taints?.some(({ key }) => key === UNINITIALIZED) === true;
}
