/**
 * Which fields of which kinds name other objects, as data.
 * Invariant: a kind is written as `apps/v1/Deployment`; whether a name must be there already is said here, what is missing elsewhere.
 * Counterpart: none; each controller of Kubernetes knows its own.
 */
import { podSpecAt, POD_TEMPLATES } from './podTemplates.ts';

export interface ReferenceField {
  /** The pattern of the map that holds the name, or of the name itself where `name` is empty. */
  readonly at: string;
  readonly to: string;
  /** The field with the name, below `at`. */
  readonly name: string;
  /** The field with the namespace, where the reference can go to another one. */
  readonly namespace?: string;
  /** Patterns below `at` of keys that the ConfigMap or Secret must have. */
  readonly keys?: string;
  /** Pattern below `at` of a Service's port, by name or number. */
  readonly port?: string;
}

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** Below the spec of a Pod. */
const POD_FIELDS: readonly ReferenceField[] = [
  { at: 'serviceAccountName', to: 'v1/ServiceAccount', name: '' },
  { at: 'priorityClassName', to: 'scheduling.k8s.io/v1/PriorityClass', name: '' },
  { at: 'runtimeClassName', to: 'node.k8s.io/v1/RuntimeClass', name: '' },
  { at: 'imagePullSecrets[]', to: 'v1/Secret', name: 'name' },
  { at: 'volumes[].configMap', to: 'v1/ConfigMap', name: 'name', keys: 'items[].key' },
  { at: 'volumes[].secret', to: 'v1/Secret', name: 'secretName', keys: 'items[].key' },
  { at: 'volumes[].persistentVolumeClaim', to: 'v1/PersistentVolumeClaim', name: 'claimName' },
  { at: 'volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName', to: 'storage.k8s.io/v1/StorageClass', name: '' },
  { at: 'volumes[].projected.sources[].configMap', to: 'v1/ConfigMap', name: 'name', keys: 'items[].key' },
  { at: 'volumes[].projected.sources[].secret', to: 'v1/Secret', name: 'name', keys: 'items[].key' },
  { at: 'volumes[].csi.nodePublishSecretRef', to: 'v1/Secret', name: 'name' },
  { at: 'resourceClaims[].resourceClaimName', to: 'resource.k8s.io/v1/ResourceClaim', name: '' },
  { at: 'resourceClaims[].resourceClaimTemplateName', to: 'resource.k8s.io/v1/ResourceClaimTemplate', name: '' },
  ...CONTAINERS.flatMap((list): readonly ReferenceField[] => [
    { at: `${list}[].env[].valueFrom.configMapKeyRef`, to: 'v1/ConfigMap', name: 'name', keys: 'key' },
    { at: `${list}[].env[].valueFrom.secretKeyRef`, to: 'v1/Secret', name: 'name', keys: 'key' },
    { at: `${list}[].envFrom[].configMapRef`, to: 'v1/ConfigMap', name: 'name' },
    { at: `${list}[].envFrom[].secretRef`, to: 'v1/Secret', name: 'name' },
  ]),
];

const WEBHOOK_SERVICE: ReferenceField = {
  at: 'webhooks[].clientConfig.service',
  to: 'v1/Service',
  name: 'name',
  namespace: 'namespace',
  port: 'port',
};

const CLAIM: readonly ReferenceField[] = [
  { at: 'storageClassName', to: 'storage.k8s.io/v1/StorageClass', name: '' },
  { at: 'volumeAttributesClassName', to: 'storage.k8s.io/v1/VolumeAttributesClass', name: '' },
  { at: 'volumeName', to: 'v1/PersistentVolume', name: '' },
];

const DEVICES: readonly ReferenceField[] = [
  { at: 'devices.requests[].exactly.deviceClassName', to: 'resource.k8s.io/v1/DeviceClass', name: '' },
  { at: 'devices.requests[].firstAvailable[].deviceClassName', to: 'resource.k8s.io/v1/DeviceClass', name: '' },
];

const OWN_FIELDS: Readonly<Record<string, readonly ReferenceField[]>> = {
  'v1/PersistentVolumeClaim': below('spec', CLAIM),
  'apps/v1/StatefulSet': [{ at: 'spec.serviceName', to: 'v1/Service', name: '' }, ...below('spec.volumeClaimTemplates[].spec', CLAIM)],
  'v1/ServiceAccount': [
    { at: 'imagePullSecrets[]', to: 'v1/Secret', name: 'name' },
    { at: 'secrets[]', to: 'v1/Secret', name: 'name' },
  ],
  'networking.k8s.io/v1/Ingress': [
    { at: 'spec.ingressClassName', to: 'networking.k8s.io/v1/IngressClass', name: '' },
    { at: 'spec.tls[].secretName', to: 'v1/Secret', name: '' },
    { at: 'spec.defaultBackend.service', to: 'v1/Service', name: 'name', port: 'port' },
    { at: 'spec.rules[].http.paths[].backend.service', to: 'v1/Service', name: 'name', port: 'port' },
  ],
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': [WEBHOOK_SERVICE],
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': [WEBHOOK_SERVICE],
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': [
    { at: 'spec.policyName', to: 'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy', name: '' },
  ],
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': [
    { at: 'spec.policyName', to: 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy', name: '' },
  ],
  'apiregistration.k8s.io/v1/APIService': [{ at: 'spec.service', to: 'v1/Service', name: 'name', namespace: 'namespace', port: 'port' }],
  'apiextensions.k8s.io/v1/CustomResourceDefinition': [{ ...WEBHOOK_SERVICE, at: 'spec.conversion.webhook.clientConfig.service' }],
  'resource.k8s.io/v1/ResourceClaim': below('spec', DEVICES),
  'resource.k8s.io/v1/ResourceClaimTemplate': below('spec.spec', DEVICES),
};

function below(holder: string, fields: readonly ReferenceField[]): readonly ReferenceField[] {
  return fields.map((field) => ({ ...field, at: `${holder}.${field.at}` }));
}

/** All kinds with their fields; those that make Pods have the fields of Pods. */
export const REFERENCE_FIELDS: Readonly<Record<string, readonly ReferenceField[]>> = Object.fromEntries(
  [...new Set([...Object.keys(POD_TEMPLATES), ...Object.keys(OWN_FIELDS)])].map((kind) => {
    const pod = podSpecAt(kind);
    return [kind, [...(OWN_FIELDS[kind] ?? []), ...(pod === undefined ? [] : below(pod, POD_FIELDS))]];
  }),
);

/** Fields with a selector of Pods, and whether an empty one selects all. */
export const SELECTOR_FIELDS: Readonly<Record<string, { readonly at: string; readonly form: 'labels' | 'selector' }>> = {
  'v1/Service': { at: 'spec.selector', form: 'labels' },
  'policy/v1/PodDisruptionBudget': { at: 'spec.selector', form: 'selector' },
  'networking.k8s.io/v1/NetworkPolicy': { at: 'spec.podSelector', form: 'selector' },
};

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'VolumeAttributesClass',
  'IngressClass',
  'DeviceClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'ValidatingAdmissionPolicy',
  'MutatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'CustomResourceDefinition',
  'APIService',
  'CSIDriver',
  'FlowSchema',
  'PriorityLevelConfiguration',
]);

/** Whether objects of the kind lie in no namespace, of those that references lead to or come from. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind.slice(kind.lastIndexOf('/') + 1));
}

/** `apps/v1/Deployment` and `apps/v1beta1/Deployment` are one kind to a reference. */
export function groupKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.lastIndexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}
