import type { KubeObject } from '../../../apimachinery/meta/resource.ts';

/** On every Node of a pool: the pool's name. */
export const POOL_LABEL = 'kubepad.dev/nodepool';
/** On a Node whose instance the cloud has ended, until the Node goes, too. */
export const INSTANCE_ANNOTATION = 'kubepad.dev/instance';
export const TERMINATED = 'terminated';

export function isTerminated({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[INSTANCE_ANNOTATION] === TERMINATED;
}
