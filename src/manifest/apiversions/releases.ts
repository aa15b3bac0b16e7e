/**
 * Which release deprecated and which removed an API, and what takes its place: data of the deprecation guide of Kubernetes.
 * Invariant: minor releases of Kubernetes 1; only what 1.36 does not serve any more, and what came after 1.16.
 */
export interface ApiLife {
  /** The minor release that says it is deprecated, and the one that does not serve it any more. */
  readonly deprecated: number;
  readonly removed: number;
  /** `apps/v1`; undefined: nothing takes its place. */
  readonly instead: string | undefined;
}

function of(deprecated: number, removed: number, instead: string | undefined): ApiLife {
  return { deprecated, removed, instead };
}

/** By `extensions/v1beta1/Ingress`. */
export const LIVES: Readonly<Record<string, ApiLife>> = {
  'extensions/v1beta1/Deployment': of(9, 16, 'apps/v1'),
  'extensions/v1beta1/DaemonSet': of(9, 16, 'apps/v1'),
  'extensions/v1beta1/ReplicaSet': of(9, 16, 'apps/v1'),
  'extensions/v1beta1/NetworkPolicy': of(9, 16, 'networking.k8s.io/v1'),
  'extensions/v1beta1/PodSecurityPolicy': of(10, 16, undefined),
  'extensions/v1beta1/Ingress': of(14, 22, 'networking.k8s.io/v1'),
  'apps/v1beta1/Deployment': of(9, 16, 'apps/v1'),
  'apps/v1beta1/StatefulSet': of(9, 16, 'apps/v1'),
  'apps/v1beta2/Deployment': of(9, 16, 'apps/v1'),
  'apps/v1beta2/DaemonSet': of(9, 16, 'apps/v1'),
  'apps/v1beta2/ReplicaSet': of(9, 16, 'apps/v1'),
  'apps/v1beta2/StatefulSet': of(9, 16, 'apps/v1'),
  'admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration': of(16, 22, 'admissionregistration.k8s.io/v1'),
  'admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration': of(16, 22, 'admissionregistration.k8s.io/v1'),
  'apiextensions.k8s.io/v1beta1/CustomResourceDefinition': of(16, 22, 'apiextensions.k8s.io/v1'),
  'apiregistration.k8s.io/v1beta1/APIService': of(19, 22, 'apiregistration.k8s.io/v1'),
  'certificates.k8s.io/v1beta1/CertificateSigningRequest': of(19, 22, 'certificates.k8s.io/v1'),
  'coordination.k8s.io/v1beta1/Lease': of(19, 22, 'coordination.k8s.io/v1'),
  'networking.k8s.io/v1beta1/Ingress': of(19, 22, 'networking.k8s.io/v1'),
  'networking.k8s.io/v1beta1/IngressClass': of(19, 22, 'networking.k8s.io/v1'),
  'rbac.authorization.k8s.io/v1alpha1/Role': of(17, 22, 'rbac.authorization.k8s.io/v1'),
  'rbac.authorization.k8s.io/v1beta1/ClusterRole': of(17, 22, 'rbac.authorization.k8s.io/v1'),
  'rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding': of(17, 22, 'rbac.authorization.k8s.io/v1'),
  'rbac.authorization.k8s.io/v1beta1/Role': of(17, 22, 'rbac.authorization.k8s.io/v1'),
  'rbac.authorization.k8s.io/v1beta1/RoleBinding': of(17, 22, 'rbac.authorization.k8s.io/v1'),
  'scheduling.k8s.io/v1beta1/PriorityClass': of(14, 22, 'scheduling.k8s.io/v1'),
  'storage.k8s.io/v1beta1/CSIDriver': of(19, 22, 'storage.k8s.io/v1'),
  'storage.k8s.io/v1beta1/CSINode': of(17, 22, 'storage.k8s.io/v1'),
  'storage.k8s.io/v1beta1/StorageClass': of(19, 22, 'storage.k8s.io/v1'),
  'storage.k8s.io/v1beta1/VolumeAttachment': of(19, 22, 'storage.k8s.io/v1'),
  'batch/v1beta1/CronJob': of(21, 25, 'batch/v1'),
  'discovery.k8s.io/v1beta1/EndpointSlice': of(21, 25, 'discovery.k8s.io/v1'),
  'events.k8s.io/v1beta1/Event': of(19, 25, 'events.k8s.io/v1'),
  'autoscaling/v2beta1/HorizontalPodAutoscaler': of(22, 25, 'autoscaling/v2'),
  'policy/v1beta1/PodDisruptionBudget': of(21, 25, 'policy/v1'),
  'policy/v1beta1/PodSecurityPolicy': of(21, 25, undefined),
  'node.k8s.io/v1beta1/RuntimeClass': of(22, 25, 'node.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta1/FlowSchema': of(23, 26, 'flowcontrol.apiserver.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration': of(23, 26, 'flowcontrol.apiserver.k8s.io/v1'),
  'autoscaling/v2beta2/HorizontalPodAutoscaler': of(23, 26, 'autoscaling/v2'),
  'storage.k8s.io/v1beta1/CSIStorageCapacity': of(24, 27, 'storage.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta2/FlowSchema': of(26, 29, 'flowcontrol.apiserver.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta2/PriorityLevelConfiguration': of(26, 29, 'flowcontrol.apiserver.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema': of(29, 32, 'flowcontrol.apiserver.k8s.io/v1'),
  'flowcontrol.apiserver.k8s.io/v1beta3/PriorityLevelConfiguration': of(29, 32, 'flowcontrol.apiserver.k8s.io/v1'),
};

/** The first minor release that serves a version which took another one's place. */
export const SINCE: Readonly<Record<string, number>> = {
  'networking.k8s.io/v1/Ingress': 19,
  'networking.k8s.io/v1/IngressClass': 19,
  'batch/v1/CronJob': 21,
  'policy/v1/PodDisruptionBudget': 21,
  'discovery.k8s.io/v1/EndpointSlice': 21,
  'autoscaling/v2/HorizontalPodAutoscaler': 23,
  'storage.k8s.io/v1/CSIStorageCapacity': 24,
  'storage.k8s.io/v1/CSIDriver': 18,
  'certificates.k8s.io/v1/CertificateSigningRequest': 19,
  'events.k8s.io/v1/Event': 19,
  'node.k8s.io/v1/RuntimeClass': 20,
  'flowcontrol.apiserver.k8s.io/v1/FlowSchema': 29,
  'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': 29,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': 30,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': 30,
  'networking.k8s.io/v1/ServiceCIDR': 33,
  'networking.k8s.io/v1/IPAddress': 33,
  'storage.k8s.io/v1/VolumeAttributesClass': 34,
  'resource.k8s.io/v1/DeviceClass': 34,
  'resource.k8s.io/v1/ResourceClaim': 34,
  'resource.k8s.io/v1/ResourceClaimTemplate': 34,
  'resource.k8s.io/v1/ResourceSlice': 34,
};

export const CURRENT_MINOR = 36;

/** The minor release of `1.24`, `v1.24.3`; that of the simulation where the text is none. */
export function minorOf(version: string): number {
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?$/.exec(version.trim());
  return match === null ? CURRENT_MINOR : Number(match[1]);
}
