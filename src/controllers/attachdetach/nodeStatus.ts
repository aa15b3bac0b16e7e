import { NODES } from '../../api/schema/resources.ts';
import type { Client } from '../../client/client.ts';
import type { Attachment } from './actual.ts';

/** Tells a node's kubelet that a volume is attached and may be mounted. Counterpart: attachdetach/statusupdater. */
export function reportAttached(client: Client, { node, uniqueName }: Attachment): void {
  setAttached(client, node, uniqueName, true);
}

/** From here on the kubelet must not mount it any more. */
export function reportDetached(client: Client, { node, uniqueName }: Attachment): void {
  setAttached(client, node, uniqueName, false);
}

function setAttached(client: Client, node: string, name: string, attached: boolean): void {
  const said = client.get(NODES, '', node)?.status?.volumesAttached?.some((volume) => volume.name === name) === true;
  if (said === attached) return;
  client.modify(
    NODES,
    '',
    node,
    (copy) => {
      const before = copy.status?.volumesAttached ?? [];
      const after = attached ? [...before, { name, devicePath: '' }] : before.filter((volume) => volume.name !== name);
      const status = (copy.status ??= {});
      if (after.length > 0) status.volumesAttached = after;
      else delete status.volumesAttached;
    },
    'status',
  );
}
