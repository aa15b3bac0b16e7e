/**
 * What ComponentDown can stop: the programs of a control plane, each controller by itself, and those of a node.
 * A test holds the list to the controllers that there are.
 */
export const NODE_COMPONENTS = ['kube-proxy', 'kubelet'] as const;

export const CONTROLLER_COMPONENTS = [
  'certificatesigningrequest-approving-controller',
  'certificatesigningrequest-cleaner-controller',
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemonset-controller',
  'deployment-controller',
  'device-taint-eviction-controller',
  'disruption-controller',
  'endpoints-controller',
  'endpointslice-controller',
  'endpointslice-mirroring-controller',
  'ephemeral-volume-controller',
  'garbage-collector-controller',
  'horizontal-pod-autoscaler-controller',
  'job-controller',
  'legacy-serviceaccount-token-cleaner-controller',
  'namespace-controller',
  'node-ipam-controller',
  'node-lifecycle-controller',
  'persistentvolume-attach-detach-controller',
  'persistentvolume-binder-controller',
  'persistentvolume-expander-controller',
  'persistentvolume-protection-controller',
  'persistentvolumeclaim-protection-controller',
  'pod-garbage-collector-controller',
  'replicaset-controller',
  'replicationcontroller-controller',
  'resourceclaim-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'statefulset-controller',
  'taint-eviction-controller',
  'token-cleaner-controller',
  'ttl-after-finished-controller',
  'ttl-controller',
  'validatingadmissionpolicy-status-controller',
] as const;

/** What a cloud runs beside its cluster: without a cloud nobody misses them. */
export const CLOUD_COMPONENTS = ['cloud-node-controller', 'cloud-node-lifecycle-controller', 'service-lb-controller'] as const;

/** What runs on top of a cluster, and is no machine's own. */
export const ADDON_COMPONENTS = ['cluster-autoscaler', 'coredns', 'ingress-nginx-controller'] as const;

export const COMPONENTS: readonly string[] = [
  ...ADDON_COMPONENTS,
  ...CLOUD_COMPONENTS,
  ...CONTROLLER_COMPONENTS,
  'cloud-controller-manager',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  ...NODE_COMPONENTS,
].toSorted();
