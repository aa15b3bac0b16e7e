/**
 * Nodes: the machines.
 * Invariant: podCIDR is the first of podCIDRs; a new node is not ready until its kubelet says so.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/node.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import type { Draft } from '../../../base/json.ts';
import { NODES } from '../../schema/resources.ts';
import type { Node } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { NODE_TABLE } from './columns.ts';
import { validateNode, validateNodeUpdate } from './validation.ts';

export const NODE_STRATEGY: Strategy<Node> = {
  resource: NODES,
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultNode,
  // Unlike other kinds a node may be created with its status: that is how a kubelet registers.
  prepareForCreate(node) {
    delete node.spec?.configSource;
    taintNotReady(node);
  },
  prepareForUpdate(node, old) {
    if (old.spec?.configSource === undefined) delete node.spec?.configSource;
  },
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  warnings: (node) =>
    (node.spec?.externalID ?? '') === '' ? [] : ['spec.externalID: this field is deprecated, and is unused by Kubernetes'],
  status: { validateUpdate: validateNodeUpdate },
  defaultPropagation: 'Background',
  table: NODE_TABLE,
};

function defaultNode(node: Draft<Node>): void {
  const { spec, status } = node;
  if (spec !== undefined) {
    const first = spec.podCIDR ?? '';
    if (first !== '' && spec.podCIDRs?.[0] !== first) spec.podCIDRs = [first];
    else if (first === '' && spec.podCIDRs?.[0] !== undefined) spec.podCIDR = spec.podCIDRs[0];
  }
  if (status?.capacity !== undefined && status.allocatable === undefined) status.allocatable = { ...status.capacity };
}

/** Admission plugin TaintNodesByCondition: nothing is scheduled to a node before it was ready once. */
function taintNotReady(node: Draft<Node>): void {
  const taints = ((node.spec ??= {}).taints ??= []);
  if (!taints.some(({ key, effect }) => key === NOT_READY && effect === 'NoSchedule'))
    taints.push({ key: NOT_READY, effect: 'NoSchedule' });
}

const NOT_READY = 'node.kubernetes.io/not-ready';
