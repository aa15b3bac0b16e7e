/**
 * A volume with labels of a zone or a region can be used there only. Counterpart: plugins/volumezone.
 */
import { claimClass, waitsForConsumer } from '../../../../api/core/persistentvolume/matching.ts';
import type { Node, PersistentVolume, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { Handle, Plugin } from '../../interface.ts';
import { SKIP, unresolvable } from '../../status.ts';
import { claimsOf } from '../../../../api/core/pod/claims.ts';
import { claimNotFound, getClaim, getClass, getVolume, isOwnClaim } from '../helper/claims.ts';

const STATE = 'PreFilterVolumeZone';

/** Labels of topology, those of old with the one that took their place. */
const TOPOLOGY: ReadonlyMap<string, string> = new Map([
  ['topology.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['topology.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
]);

interface Topology {
  readonly key: string;
  readonly values: readonly string[];
}

const WRONG_ZONE = unresolvable('node(s) had no available volume zone');

export const volumeZone = {
  name: 'VolumeZone',
  events: [
    { resource: 'storageclasses', helps: (_pod, change) => change.type === 'ADDED' },
    { resource: 'nodes', helps: (_pod, change) => change.type !== 'DELETED' },
    { resource: 'persistentvolumeclaims', helps: isOwnClaim },
    {
      resource: 'persistentvolumes',
      helps: (_pod, change) =>
        change.type !== 'DELETED' &&
        JSON.stringify(topologiesOf(change.object)) !== JSON.stringify(change.previous === undefined ? [] : topologiesOf(change.previous)),
    },
  ],
  preFilter: (state, pod, handle) => {
    const topologies = topologiesOfPod(pod, handle);
    if (typeof topologies === 'string') return unresolvable(topologies);
    if (topologies.length === 0) return SKIP;
    state.set(STATE, topologies);
    return undefined;
  },
  filter: (state, _pod, { node }) => {
    const labels = node.metadata.labels ?? {};
    // A node that says nothing of zones has no zones to be wrong about.
    if (!hasTopology(node)) return undefined;
    for (const { key, values } of (state.get(STATE) as readonly Topology[] | undefined) ?? []) {
      const own = labels[key] ?? labels[TOPOLOGY.get(key) ?? key];
      if (own === undefined || !values.includes(own)) return WRONG_ZONE;
    }
    return undefined;
  },
} satisfies Plugin;

/** Where the Pod's bound volumes are; or the text of a refusal. */
function topologiesOfPod(pod: Pod, { reader }: Handle): readonly Topology[] | string {
  const found: Topology[] = [];
  for (const { name, ephemeral } of claimsOf(pod)) {
    if (ephemeral) continue;
    const claim = getClaim(reader, pod.metadata.namespace, name);
    if (claim === undefined) return claimNotFound(name);
    const volumeName = claim.spec?.volumeName ?? '';
    if (volumeName === '') {
      const className = claimClass(claim);
      if (className === '') return 'PersistentVolumeClaim had no pv name and storageClass name';
      const storageClass = getClass(reader, className);
      if (storageClass === undefined) return `storageclass.storage.k8s.io "${className}" not found`;
      // The volume will be chosen to suit the node.
      if (waitsForConsumer(storageClass)) continue;
      return 'PersistentVolume had no name';
    }
    const volume = getVolume(reader, volumeName);
    if (volume === undefined) return `persistentvolume "${volumeName}" not found`;
    found.push(...topologiesOf(volume));
  }
  return found;
}

/** The value of such a label may list several zones: `a__b`. */
function topologiesOf({ metadata }: Pick<PersistentVolume, 'metadata'>): readonly Topology[] {
  const found: Topology[] = [];
  for (const key of TOPOLOGY.keys()) {
    const value = metadata.labels?.[key];
    if (value !== undefined) found.push({ key, values: value.split('__').map((zone) => zone.trim()) });
  }
  return found;
}

function hasTopology({ metadata }: Node): boolean {
  for (const key of TOPOLOGY.keys()) if (metadata.labels?.[key] !== undefined) return true;
  return false;
}
