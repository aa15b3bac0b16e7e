/** On every Node of a pool: the pool's name. */
export const POOL_LABEL = 'kubepad.dev/nodepool';
