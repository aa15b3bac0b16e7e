/** The static Pods of a control plane that kubeadm has set up, as kind's nodes have them. */
import type { PodTemplateSpec } from '../api/schema/types/core/v1.ts';
import { KUBELET_VERSION } from '../kubelet/node/status.ts';

interface Part {
  readonly name: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory?: string;
  readonly flags: readonly string[];
}

const PARTS: readonly Part[] = [
  {
    name: 'etcd',
    image: 'registry.k8s.io/etcd:3.6.6-0',
    cpu: '100m',
    memory: '100Mi',
    flags: ['--data-dir=/var/lib/etcd', '--listen-client-urls=https://127.0.0.1:2379'],
  },
  {
    name: 'kube-apiserver',
    image: `registry.k8s.io/kube-apiserver:${KUBELET_VERSION}`,
    cpu: '250m',
    flags: ['--authorization-mode=Node,RBAC', '--etcd-servers=https://127.0.0.1:2379', '--secure-port=6443'],
  },
  {
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${KUBELET_VERSION}`,
    cpu: '200m',
    flags: ['--bind-address=127.0.0.1', '--controllers=*,bootstrapsigner,tokencleaner', '--leader-elect=true'],
  },
  {
    name: 'kube-scheduler',
    image: `registry.k8s.io/kube-scheduler:${KUBELET_VERSION}`,
    cpu: '100m',
    flags: ['--bind-address=127.0.0.1', '--kubeconfig=/etc/kubernetes/scheduler.conf', '--leader-elect=true'],
  },
];

export const CONTROL_PLANE_PODS: readonly PodTemplateSpec[] = PARTS.map(({ name, image, cpu, memory, flags }) => ({
  metadata: {
    name,
    namespace: 'kube-system',
    labels: { component: name, tier: 'control-plane' },
    // The image is on the node before the kubelet starts.
    annotations: { [`kubepad.dev/program.${name}`]: 'image present; run' },
  },
  spec: {
    containers: [
      {
        name,
        image,
        command: [name, ...flags],
        resources: { requests: { cpu, ...(memory === undefined ? {} : { memory }) } },
      },
    ],
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  },
}));
