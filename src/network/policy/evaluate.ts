/**
 * NetworkPolicies: whether a connection between two sides is allowed, and by which rule.
 * Invariant: a pure function of the policies and the labels of Pods and namespaces; policies only ever add what is allowed.
 * Counterpart: none in Kubernetes itself; the network plugins carry out networking.k8s.io/v1 NetworkPolicy.
 */
import type { Namespace, Pod } from '../../api/schema/types/core/v1.ts';
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../api/schema/types/networking/v1.ts';
import { matchesLabelSelector } from '../../apimachinery/labels/selector.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { Protocol } from '../../runtime/network.ts';
import { inAnyBlock, inBlock } from '../addresses.ts';
import type { Decision, Direction, Side, Verdict } from './verdict.ts';

/** Where policies and labels of namespaces are read. */
export interface PolicyWorld {
  policies(namespace: string): readonly NetworkPolicy[];
  namespace(name: string): Namespace | undefined;
}

/** The connection after the rules of Services: `port` is the port of the Pod that it goes to. */
export interface Connection {
  readonly from: Side;
  readonly to: Side;
  readonly port: number;
  readonly protocol: Protocol;
}

export function evaluate(world: PolicyWorld, connection: Connection): Verdict {
  const egress = decide(world, 'Egress', connection);
  const ingress = decide(world, 'Ingress', connection);
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function decide(world: PolicyWorld, direction: Direction, connection: Connection): Decision {
  const { from, to } = connection;
  const own = direction === 'Egress' ? from.pod : to.pod;
  const selecting = own === undefined || isSamePod(from.pod, to.pod) ? [] : policiesOf(world, own, direction);
  if (selecting.length === 0) return { direction, allowed: true, selectedBy: [], tried: [] };
  const selectedBy = selecting.map(keyOf);
  // What starts on the Pod's own machine (the kubelet's probes) cannot be shut out.
  if (direction === 'Ingress' && from.pod === undefined && from.node !== undefined && from.node === own?.spec?.nodeName)
    return { direction, allowed: true, selectedBy, tried: [] };
  const tried: Decision['tried'][number][] = [];
  for (const policy of selecting) {
    for (const [rule, each] of rulesOf(policy, direction).entries()) {
      const reference = { policy: keyOf(policy), rule };
      const mismatch = mismatchOf(world, policy, each, direction, connection);
      if (mismatch === undefined) return { direction, allowed: true, selectedBy, by: reference, tried: [] };
      tried.push({ ...reference, mismatch });
    }
  }
  return { direction, allowed: false, selectedBy, tried };
}

function policiesOf(world: PolicyWorld, pod: Pod, direction: Direction): readonly NetworkPolicy[] {
  return world
    .policies(pod.metadata.namespace ?? '')
    .filter((policy) => typesOf(policy).includes(direction) && matchesLabelSelector(policy.spec?.podSelector ?? {}, pod.metadata.labels));
}

/** Ingress always, egress if there are rules for it, unless the policy says it. */
function typesOf({ spec = {} }: NetworkPolicy): readonly Direction[] {
  return spec.policyTypes ?? ((spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[];
  readonly peers: readonly NetworkPolicyPeer[];
}

function rulesOf({ spec = {} }: NetworkPolicy, direction: Direction): readonly Rule[] {
  const ingress = (rule: NetworkPolicyIngressRule): Rule => ({ ports: rule.ports ?? [], peers: rule.from ?? [] });
  const egress = (rule: NetworkPolicyEgressRule): Rule => ({ ports: rule.ports ?? [], peers: rule.to ?? [] });
  return direction === 'Egress' ? (spec.egress ?? []).map(egress) : (spec.ingress ?? []).map(ingress);
}

/** What of a rule does not fit; undefined: it lets the connection through. No peers are all peers, no ports all ports. */
function mismatchOf(
  world: PolicyWorld,
  policy: NetworkPolicy,
  { ports, peers }: Rule,
  direction: Direction,
  { from, to, port, protocol }: Connection,
): 'peer' | 'port' | undefined {
  const other = direction === 'Egress' ? to : from;
  const namespace = policy.metadata.namespace ?? '';
  if (peers.length > 0 && !peers.some((peer) => isPeer(world, namespace, peer, other))) return 'peer';
  return ports.length > 0 && !ports.some((each) => isPort(each, to.pod, port, protocol)) ? 'port' : undefined;
}

function isPeer(
  world: PolicyWorld,
  namespace: string,
  { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer,
  side: Side,
): boolean {
  if (ipBlock !== undefined) return inBlock(side.address, ipBlock.cidr) && !inAnyBlock(side.address, ipBlock.except ?? []);
  const { pod } = side;
  if (pod === undefined) return false;
  const home = pod.metadata.namespace ?? '';
  const fits =
    namespaceSelector === undefined ? home === namespace : matchesLabelSelector(namespaceSelector, world.namespace(home)?.metadata.labels);
  return fits && (podSelector === undefined || matchesLabelSelector(podSelector, pod.metadata.labels));
}

/** A port by name means the one that the Pod at the receiving end calls so. */
function isPort(rule: NetworkPolicyPort, target: Pod | undefined, port: number, protocol: Protocol): boolean {
  if ((rule.protocol ?? 'TCP') !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'number') return rule.endPort === undefined ? rule.port === port : port >= rule.port && port <= rule.endPort;
  const containers = [...(target?.spec?.containers ?? []), ...(target?.spec?.initContainers ?? [])];
  return containers.some(({ ports = [] }) =>
    ports.some((each) => each.name === rule.port && (each.protocol ?? 'TCP') === protocol && each.containerPort === port),
  );
}

function isSamePod(one: Pod | undefined, other: Pod | undefined): boolean {
  return one !== undefined && one.metadata.uid === other?.metadata.uid;
}
