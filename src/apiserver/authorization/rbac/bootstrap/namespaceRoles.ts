/**
 * The Roles that a fresh API server has in its own namespaces, and who has them.
 * Counterpart: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go.
 */
export interface NamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly string[];
  /** Where the binding is not named as the role is. */
  readonly binding?: string;
  readonly subjects: readonly string[];
}

const LEADER = [
  'create get list update watch | coordination.k8s.io | leases',
  'create get list update watch | coordination.k8s.io | leasecandidates',
];

export const NAMESPACE_ROLES: readonly NamespaceRole[] = [
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    rules: ['read | core | configmaps', 'update | core | configmaps | cluster-info', 'events'],
    subjects: ['ServiceAccount kube-system/bootstrap-signer'],
  },
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    binding: 'system::extension-apiserver-authentication-reader',
    rules: ['read | core | configmaps | extension-apiserver-authentication'],
    subjects: ['User system:kube-controller-manager', 'User system:kube-scheduler'],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    rules: LEADER,
    subjects: [
      'User system:kube-controller-manager',
      'ServiceAccount kube-system/kube-controller-manager',
      'ServiceAccount kube-system/leader-election-controller',
    ],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-scheduler',
    rules: LEADER,
    subjects: ['User system:kube-scheduler', 'ServiceAccount kube-system/kube-scheduler'],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:bootstrap-signer',
    rules: ['read | core | secrets'],
    subjects: ['ServiceAccount kube-system/bootstrap-signer'],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:cloud-provider',
    rules: ['create get list watch | core | configmaps'],
    subjects: ['ServiceAccount kube-system/cloud-provider'],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:token-cleaner',
    rules: ['read delete | core | secrets', 'events'],
    subjects: ['ServiceAccount kube-system/token-cleaner'],
  },
];
