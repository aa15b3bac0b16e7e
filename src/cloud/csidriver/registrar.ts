import { NODES, CSINODES } from '../../api/schema/resources.ts';
import type { CSINode } from '../../api/schema/types/storage/v1.ts';
import type { CsiContext } from './controller.ts';
import type { Driver } from './drivers.ts';

/** Writes the driver into a node's CSINode, or takes it out. Counterpart: kubernetes-csi/node-driver-registrar. */
export function registerOn({ client }: CsiContext, driver: Driver, node: CSINode, present: boolean): void {
  const name = node.metadata.name ?? '';
  const labels = client.get(NODES, '', name)?.metadata.labels ?? {};
  client.modify(CSINODES, '', name, ({ spec }) => {
    const others = spec.drivers.filter((other) => other.name !== driver.name);
    const topologyKeys = labels[driver.topologyKey] === undefined ? {} : { topologyKeys: [driver.topologyKey] };
    const own = { name: driver.name, nodeID: name, allocatable: { count: driver.maxVolumesPerNode }, ...topologyKeys };
    spec.drivers = present ? [...others, own] : others;
  });
}
