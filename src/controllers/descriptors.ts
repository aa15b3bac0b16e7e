/**
 * The only list of controllers. Each is a component of its own under the name that `--controllers` knows it by, and acts
 * as the ServiceAccount of that name in kube-system.
 * Invariant: a controller that is not in this list does not run. Counterpart: cmd/kube-controller-manager/app/controllermanager.go.
 */
import type { Component } from '../sim/component.ts';
import { createDeploymentController } from './deployment/controller.ts';
import { createReplicaSetController } from './replicaset/controller.ts';
import { createReplicationController } from './replication/controller.ts';
import { ControllerComponent, type ControllerDescriptor } from './runtime/component.ts';
import type { ControllerEnvironment } from './runtime/environment.ts';
import { addOrphanIndex } from './util/refManager.ts';

export const CONTROLLERS = [
  { name: 'deployment-controller', create: createDeploymentController },
  { name: 'replicaset-controller', create: createReplicaSetController },
  { name: 'replicationcontroller-controller', eventSource: 'replication-controller', create: createReplicationController },
] as const satisfies readonly ControllerDescriptor[];

export function createControllers(environment: ControllerEnvironment): readonly Component[] {
  for (const resource of ['pods', 'replicasets.apps']) addOrphanIndex(environment.api, resource);
  return CONTROLLERS.filter(({ name }) => isEnabled(name, environment.options.controllers)).map(
    (descriptor) => new ControllerComponent(environment, descriptor),
  );
}

/**
 * What `--controllers` says of one controller: `name` turns it on, `-name` off, `*` all that are not named. Old short
 * names (`deployment`, `nodelifecycle`) are understood as the real program understands them.
 */
export function isEnabled(name: string, flags: readonly string[] = ['*']): boolean {
  const named = flags.map((flag) => (flag.startsWith('-') ? `-${longName(flag.slice(1))}` : longName(flag)));
  if (named.includes(name)) return true;
  if (named.includes(`-${name}`)) return false;
  return named.includes('*');
}

function longName(name: string): string {
  if (name === '*' || CONTROLLERS.some((descriptor) => descriptor.name === name)) return name;
  const plain = (text: string): string => text.replaceAll('-', '').replace(/controller$/, '');
  return CONTROLLERS.find((descriptor) => plain(descriptor.name) === plain(name))?.name ?? name;
}
