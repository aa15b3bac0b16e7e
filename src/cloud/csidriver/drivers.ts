/** What a storage driver does as seen from the cluster: facts as data. Times are of virtual milliseconds. */
export interface Driver {
  readonly name: string;
  /** Label of nodes: a volume can be used on nodes with the same value only. */
  readonly topologyKey: string;
  /** How many volumes it attaches to one node. */
  readonly maxVolumesPerNode: number;
  readonly fsType: string;
  readonly provisionMs: number;
  readonly deleteMs: number;
  readonly expandMs: number;
  readonly attachMs: number;
  readonly detachMs: number;
}

export const KUBEPAD_DRIVER = 'csi.kubepad.dev';

/** The drivers that the simulation can play. One acts while a CSIDriver object of its name exists, as if it were installed by that. */
export const DRIVERS: readonly Driver[] = [
  {
    name: KUBEPAD_DRIVER,
    topologyKey: 'topology.kubernetes.io/zone',
    maxVolumesPerNode: 25,
    fsType: 'ext4',
    provisionMs: 2_000,
    deleteMs: 1_000,
    expandMs: 1_500,
    attachMs: 1_500,
    detachMs: 1_500,
  },
];

export function driverNamed(name: string | undefined): Driver | undefined {
  return DRIVERS.find((driver) => driver.name === name);
}
