/** What a kubelet of a machine in a cloud registers with, until the cloud's controllers have looked at the Node. */
export const UNINITIALIZED = 'node.cloudprovider.kubernetes.io/uninitialized';
