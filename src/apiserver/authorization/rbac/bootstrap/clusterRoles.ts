/**
 * The ClusterRoles that a fresh API server has: for users, and for the parts of the control plane and of nodes.
 * Invariant: those of Kubernetes 1.36 with its default feature gates. Counterpart: plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */

export interface BootstrapRole {
  readonly rules?: readonly string[];
  /** `admin`: is a part of what the role of that name is put together from. */
  readonly aggregatesTo?: string;
  /** Is put together from the parts that are labelled with this name. */
  readonly aggregated?: string;
}

const PODS_CONNECT = 'pods/attach pods/exec pods/portforward pods/proxy';
const WORKLOADS_EXTENSIONS =
  'daemonsets deployments deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale';
const CERTIFICATES = 'certificates.k8s.io';
const DELEGATED = ['create | authentication.k8s.io | tokenreviews', 'create | authorization.k8s.io | subjectaccessreviews'];

const approver = (signer: string): BootstrapRole => ({ rules: [`approve | ${CERTIFICATES} | signers | ${signer}`] });

export const CLUSTER_ROLES: Readonly<Record<string, BootstrapRole>> = {
  'cluster-admin': { rules: ['* | * | *', '* > *'] },
  'system:discovery': {
    rules: ['get > /livez /readyz /healthz /version /version/ /openapi /openapi/* /api /api/* /apis /apis/*'],
  },
  'system:monitoring': {
    rules: ['get > /metrics /metrics/slis /livez /readyz /healthz /livez/* /readyz/* /healthz/*'],
  },
  'system:basic-user': {
    rules: [
      'create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews',
      'create | authentication.k8s.io | selfsubjectreviews',
    ],
  },
  'system:public-info-viewer': { rules: ['get > /livez /readyz /healthz /version /version/'] },
  admin: { aggregated: 'admin' },
  edit: { aggregated: 'edit', aggregatesTo: 'admin' },
  view: { aggregated: 'view', aggregatesTo: 'edit' },
  'system:aggregate-to-admin': {
    aggregatesTo: 'admin',
    rules: ['create | authorization.k8s.io | localsubjectaccessreviews', 'read write | rbac.authorization.k8s.io | roles rolebindings'],
  },
  'system:aggregate-to-edit': {
    aggregatesTo: 'edit',
    rules: [
      `read | core | ${PODS_CONNECT} secrets services/proxy`,
      'impersonate | core | serviceaccounts',
      `write | core | pods ${PODS_CONNECT}`,
      'create | core | pods/eviction',
      'write | core | replicationcontrollers replicationcontrollers/scale serviceaccounts services services/proxy persistentvolumeclaims configmaps secrets events',
      'create | core | serviceaccounts/token',
      'write | apps | statefulsets statefulsets/scale daemonsets deployments deployments/scale deployments/rollback replicasets replicasets/scale',
      'write | autoscaling | horizontalpodautoscalers',
      'write | batch | jobs cronjobs',
      `write | extensions | ${WORKLOADS_EXTENSIONS} deployments/rollback`,
      'write | policy | poddisruptionbudgets',
      'write | networking.k8s.io | networkpolicies ingresses',
      'write | events.k8s.io | events',
      'read write | coordination.k8s.io | leases',
      'write | resource.k8s.io | resourceclaims resourceclaimtemplates',
    ],
  },
  'system:aggregate-to-view': {
    aggregatesTo: 'view',
    rules: [
      'read | core | pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status endpoints persistentvolumeclaims persistentvolumeclaims/status configmaps',
      'read | core | limitranges resourcequotas bindings events pods/status resourcequotas/status namespaces/status replicationcontrollers/status pods/log',
      'read | core | namespaces',
      'read | discovery.k8s.io | endpointslices',
      'read | apps | controllerrevisions statefulsets statefulsets/status statefulsets/scale daemonsets daemonsets/status deployments deployments/status deployments/scale replicasets replicasets/status replicasets/scale',
      'read | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status',
      'read | batch | jobs cronjobs cronjobs/status jobs/status',
      `read | extensions | ${WORKLOADS_EXTENSIONS} daemonsets/status deployments/status ingresses/status replicasets/status`,
      'read | policy | poddisruptionbudgets poddisruptionbudgets/status',
      'read | networking.k8s.io | networkpolicies ingresses ingresses/status',
      'read | events.k8s.io | events',
      'read | resource.k8s.io | resourceclaims resourceclaims/status resourceclaimtemplates',
    ],
  },
  'system:heapster': { rules: ['read | core | events pods nodes namespaces', 'read | extensions | deployments'] },
  'system:node': {
    rules: [
      'create | authentication.k8s.io | tokenreviews',
      'create | authorization.k8s.io | subjectaccessreviews localsubjectaccessreviews',
      'read | core | services',
      'create get list watch | core | nodes',
      'update patch | core | nodes/status',
      'update patch | core | nodes',
      'create update patch | core | events',
      'read | core | pods',
      'create delete | core | pods',
      'update patch | core | pods/status',
      'create | core | pods/eviction',
      'read | core | secrets configmaps',
      'get | core | persistentvolumeclaims persistentvolumes',
      'get | core | endpoints',
      `create get list watch | ${CERTIFICATES} | certificatesigningrequests`,
      'get create update patch delete | coordination.k8s.io | leases',
      'get | storage.k8s.io | volumeattachments',
      'get update patch | core | persistentvolumeclaims/status',
      'create | core | serviceaccounts/token',
      'get | core | serviceaccounts',
      'read | storage.k8s.io | csidrivers',
      'get create update patch delete | storage.k8s.io | csinodes',
      'read | node.k8s.io | runtimeclasses',
      'get | resource.k8s.io | resourceclaims',
      'deletecollection | resource.k8s.io | resourceslices',
      'read create delete patch update | resource.k8s.io | resourceslices',
    ],
  },
  'system:node-problem-detector': { rules: ['get | core | nodes', 'patch | core | nodes/status', 'events'] },
  'system:kubelet-api-admin': {
    rules: [
      'read | core | nodes',
      'proxy | core | nodes',
      '* | core | nodes/proxy nodes/metrics nodes/stats nodes/log nodes/configz nodes/healthz nodes/pods',
    ],
  },
  'system:node-bootstrapper': { rules: [`create get list watch | ${CERTIFICATES} | certificatesigningrequests`] },
  'system:auth-delegator': { rules: DELEGATED },
  'system:kube-aggregator': { rules: ['read | core | services endpoints'] },
  'system:kube-controller-manager': {
    rules: [
      'events',
      'create | coordination.k8s.io | leases',
      'get update | coordination.k8s.io | leases | kube-controller-manager',
      'create | core | secrets serviceaccounts',
      'delete | core | secrets',
      'get | core | namespaces secrets serviceaccounts configmaps',
      'update | core | secrets serviceaccounts',
      ...DELEGATED,
      'list watch | * | *',
      'create | core | serviceaccounts/token',
    ],
  },
  'system:kube-dns': { rules: ['list watch | core | endpoints services'] },
  'system:persistent-volume-provisioner': {
    rules: [
      'read create delete | core | persistentvolumes',
      'read update | core | persistentvolumeclaims',
      'read | storage.k8s.io | storageclasses',
      'watch | core | events',
      'events',
    ],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [`create | ${CERTIFICATES} | certificatesigningrequests/nodeclient`],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [`create | ${CERTIFICATES} | certificatesigningrequests/selfnodeclient`],
  },
  'system:volume-scheduler': {
    rules: [
      'read patch update | core | persistentvolumes',
      'read | storage.k8s.io | storageclasses',
      'read patch update | core | persistentvolumeclaims',
    ],
  },
  'system:certificates.k8s.io:legacy-unknown-approver': approver('kubernetes.io/legacy-unknown'),
  'system:certificates.k8s.io:kubelet-serving-approver': approver('kubernetes.io/kubelet-serving'),
  'system:certificates.k8s.io:kube-apiserver-client-approver': approver('kubernetes.io/kube-apiserver-client'),
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': approver('kubernetes.io/kube-apiserver-client-kubelet'),
  'system:service-account-issuer-discovery': {
    rules: ['get > /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/'],
  },
  'system:node-proxier': {
    rules: [
      'list watch | core | services endpoints',
      'read | core | nodes',
      'events',
      'list watch | discovery.k8s.io | endpointslices',
      'list watch | networking.k8s.io | servicecidrs',
    ],
  },
  'system:kube-scheduler': {
    rules: [
      'events',
      'create | coordination.k8s.io | leases',
      'get list update watch | coordination.k8s.io | leases | kube-scheduler',
      'create | coordination.k8s.io | leasecandidates',
      'get list update watch patch delete | coordination.k8s.io | leasecandidates',
      'read | core | nodes',
      'read delete | core | pods',
      'create | core | pods/binding bindings',
      'patch update | core | pods/status',
      'read | core | services replicationcontrollers',
      'read | apps extensions | replicasets',
      'read | apps | statefulsets',
      'read | policy | poddisruptionbudgets',
      'read | core | persistentvolumeclaims persistentvolumes',
      ...DELEGATED,
      'read | storage.k8s.io | csinodes',
      'read | core | namespaces',
      'read | storage.k8s.io | csidrivers',
      'read | storage.k8s.io | csistoragecapacities',
      'read | resource.k8s.io | deviceclasses',
      'read update | resource.k8s.io | resourceclaims',
      'patch update | resource.k8s.io | resourceclaims/status',
      'read | resource.k8s.io | resourceslices',
      'read | storage.k8s.io | volumeattachments',
    ],
  },
};

/** Who has these roles in the beginning: `Group`, `User` or `ServiceAccount` (`namespace/name`) and the name. */
export const CLUSTER_ROLE_BINDINGS: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['Group system:masters'],
  'system:monitoring': ['Group system:monitoring'],
  'system:discovery': ['Group system:authenticated'],
  'system:basic-user': ['Group system:authenticated'],
  'system:public-info-viewer': ['Group system:authenticated', 'Group system:unauthenticated'],
  'system:node-proxier': ['User system:kube-proxy'],
  'system:kube-controller-manager': ['User system:kube-controller-manager'],
  'system:kube-dns': ['ServiceAccount kube-system/kube-dns'],
  'system:kube-scheduler': ['User system:kube-scheduler'],
  'system:volume-scheduler': ['User system:kube-scheduler'],
  'system:node': [],
  'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
};
