/**
 * The parts that a cluster consists of, by the names under which a Fault stops them, and as whom they act.
 * Invariant: follows from the lists of controllers and the options alone; what objects bring along (autoscaler, Ingress controller) is
 * not asked here. Counterpart: the processes of a control plane and the identities in their kubeconfigs.
 */
import { CONTROLLERS, isEnabled, OF_ADDONS, OF_CLOUD } from '../controllers/descriptors.ts';
import type { ControllerDescriptor } from '../controllers/runtime/component.ts';
import type { ClusterOptions } from './options.ts';
import { cloudRegion } from './presets.ts';

/** A controller and the program that it runs in. */
export interface ControllerPart {
  readonly name: string;
  readonly program: 'kube-controller-manager' | 'cloud-controller-manager';
}

/** Who wrote something. */
export interface Actor {
  /** As in `kubepad.dev/v1` Fault, or `user` for people and their tools, `world` for what stands for machines and clouds. */
  readonly component: string;
  /** Of a program of nodes. */
  readonly node: string | undefined;
}

export function controllerParts(options: ClusterOptions): readonly ControllerPart[] {
  const own = CONTROLLERS.filter(({ name }) => isEnabled(name, options.controllers)).map(({ name }): ControllerPart => ({
    name,
    program: 'kube-controller-manager',
  }));
  const ofCloud = hasCloud(options) ? OF_CLOUD.map(({ name }): ControllerPart => ({ name, program: 'cloud-controller-manager' })) : [];
  return [...own, ...ofCloud];
}

export function hasCloud(options: ClusterOptions): boolean {
  return cloudRegion(options) !== undefined;
}

const NODE_USER = 'system:node:';

/** The part behind the name of a user. Controllers that share a ServiceAccount, as the real ones do, are told by the first of them. */
export function actorOf(user: string): Actor {
  if (user.startsWith(NODE_USER)) return { component: 'kubelet', node: user.slice(NODE_USER.length) };
  const isWorld = user.startsWith('system:kubepad:') || user.startsWith('eks:');
  const component = BY_USER.get(user) ?? (isWorld ? 'world' : 'user');
  return { component, node: undefined };
}

const BY_USER: ReadonlyMap<string, string> = new Map([
  ...([...CONTROLLERS, ...OF_CLOUD, ...OF_ADDONS] as readonly ControllerDescriptor[])
    .map(({ name, user, serviceAccount = name }): [string, string] => [user ?? `system:serviceaccount:kube-system:${serviceAccount}`, name])
    // Of those that share one the first stays.
    .toReversed(),
  ['system:serviceaccount:kube-system:cluster-autoscaler', 'cluster-autoscaler'],
  // Three controllers act as this one; it writes most.
  ['system:serviceaccount:kube-system:node-controller', 'node-lifecycle-controller'],
  ['system:apiserver', 'kube-apiserver'],
  ['system:kube-controller-manager', 'kube-controller-manager'],
  ['system:kube-scheduler', 'kube-scheduler'],
]);
