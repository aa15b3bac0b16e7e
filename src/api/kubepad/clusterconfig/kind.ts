/**
 * Reads a kind configuration: each of its nodes is a machine.
 * Invariant: what it cannot read is a problem at a place, never an exception.
 * Counterpart: kind.x-k8s.io/v1alpha4 of kind.
 */
import { parseAllDocuments } from 'yaml';
import { Path } from '../../../apimachinery/field/path.ts';
import type { NodePoolSpec } from '../types.ts';
import { checkShape, INTEGER, isMap, known, LABELS, listOf, objectOf, TEXT, type ConfigProblem } from './shape.ts';

const PATCH_6902 = objectOf({ group: TEXT, version: TEXT, kind: TEXT, patch: TEXT });
const CLUSTER = objectOf({
  ...known('networking featureGates runtimeConfig'),
  apiVersion: TEXT,
  kind: TEXT,
  name: TEXT,
  kubeadmConfigPatches: listOf(TEXT),
  kubeadmConfigPatchesJSON6902: listOf(PATCH_6902),
  containerdConfigPatches: listOf(TEXT),
  containerdConfigPatchesJSON6902: listOf(TEXT),
  nodes: listOf(
    objectOf({
      role: TEXT,
      image: TEXT,
      labels: LABELS,
      extraMounts: listOf(objectOf(known('hostPath containerPath readOnly selinuxRelabel propagation'))),
      extraPortMappings: listOf(objectOf({ containerPort: INTEGER, hostPort: INTEGER, listenAddress: TEXT, protocol: TEXT })),
      kubeadmConfigPatches: listOf(TEXT),
      kubeadmConfigPatchesJSON6902: listOf(PATCH_6902),
    }),
  ),
});

interface KindNode {
  readonly role?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly extraPortMappings?: readonly { readonly containerPort?: number; readonly hostPort?: number; readonly protocol?: string }[];
  readonly kubeadmConfigPatches?: readonly string[];
}

interface KindCluster {
  readonly name?: string;
  readonly nodes?: readonly KindNode[];
}

const ROLES = ['control-plane', 'worker'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

export function checkKind(value: unknown): readonly ConfigProblem[] {
  const shape = checkShape(value, CLUSTER);
  if (shape.length > 0) return shape;
  const { nodes } = value as KindCluster;
  const problems: ConfigProblem[] = [];
  for (const [index, { role = 'control-plane', extraPortMappings = [] }] of (nodes ?? []).entries()) {
    const path = Path.of('nodes').index(index);
    if (!ROLES.includes(role)) problems.push({ path: path.child('role'), message: `invalid role: "${role}"` });
    for (const [place, { containerPort = 0, hostPort = 0, protocol = 'TCP' }] of extraPortMappings.entries()) {
      const at = path.child('extraPortMappings').index(place);
      if (containerPort < 1 || containerPort > 65_535)
        problems.push({ path: at.child('containerPort'), message: `invalid port number: ${containerPort}` });
      if (hostPort < -1 || hostPort > 65_535) problems.push({ path: at.child('hostPort'), message: `invalid port number: ${hostPort}` });
      if (!PROTOCOLS.includes(protocol)) problems.push({ path: at.child('protocol'), message: `invalid protocol: "${protocol}"` });
    }
  }
  if (nodes !== undefined && nodes.length > 0 && !nodes.some(({ role = 'control-plane' }) => role === 'control-plane'))
    problems.push({ path: Path.of('nodes'), message: 'must have at least one control-plane node' });
  return problems;
}

/** A pool for each role and set of labels; without nodes, kind makes one control plane that takes Pods, too. */
export function kindPools(value: unknown): Readonly<Record<string, NodePoolSpec>> {
  const { name = 'kind', nodes = [] } = value as KindCluster;
  const all = nodes.length === 0 ? [{ role: 'control-plane' }] : nodes;
  const hasWorkers = all.some(({ role }) => role === 'worker');
  const pools = new Map<string, { readonly name: string; spec: NodePoolSpec }>();
  const taken = new Map<string, number>();
  const made = new Map<string, number>();
  for (const node of all) {
    const role = node.role ?? 'control-plane';
    const isWorker = role === 'worker';
    const labels = {
      ...(isWorker ? {} : { [CONTROL_PLANE]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }),
      ...patchedLabels(node),
      ...node.labels,
    };
    const number = (made.get(role) ?? 0) + 1;
    made.set(role, number);
    const nodeName = kindNodeName(name, role, number);
    const key = JSON.stringify([role, labels]);
    const known = pools.get(key);
    if (known !== undefined) {
      const { count = 0, nodeNames = [] } = known.spec;
      known.spec = { ...known.spec, count: count + 1, nodeNames: [...nodeNames, nodeName] };
    } else {
      const index = (taken.get(role) ?? 0) + 1;
      taken.set(role, index);
      pools.set(key, {
        name: kindNodeName(name, role, index),
        spec: {
          count: 1,
          nodeNames: [nodeName],
          labels,
          ...(isWorker || !hasWorkers ? {} : { taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }] }),
        },
      });
    }
  }
  return Object.fromEntries([...pools.values()].map((pool) => [pool.name, pool.spec]));
}

/** The first worker of `kind` is `kind-worker`, the second `kind-worker2`. */
export function kindNodeName(cluster: string, role: string, number: number): string {
  return `${cluster}-${role}${number === 1 ? '' : String(number)}`;
}

/** `node-labels` that a patch of kubeadm's configuration gives to the kubelet: `a=b,c=d`. */
function patchedLabels({ kubeadmConfigPatches = [] }: KindNode): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const patch of kubeadmConfigPatches)
    for (const document of parseAllDocuments(patch)) {
      const value: unknown = 'errors' in document && document.errors.length === 0 ? document.toJS() : undefined;
      const registration = isMap(value) ? value['nodeRegistration'] : undefined;
      const args = isMap(registration) ? registration['kubeletExtraArgs'] : undefined;
      const text = isMap(args) ? args['node-labels'] : undefined;
      if (typeof text !== 'string') continue;
      for (const pair of text.split(',')) {
        const [key = '', label = ''] = pair.split('=');
        if (key !== '') labels[key] = label;
      }
    }
  return labels;
}
