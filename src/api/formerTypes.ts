/**
 * The types of versions that are no longer served, as far as they differ from those that are: the API server still knows
 * them, so it names what they lack before it says that it wants another version.
 * Counterpart: the v1alpha1 and v1beta1 packages of k8s.io/api.
 */
import type { FieldNode, StructNode, TypeNode } from '../apimachinery/scheme/typeNode.ts';

interface Change {
  /** Fields that came later; lists are passed through. */
  readonly lacks?: readonly string[];
  /** Fields that went. */
  readonly has?: readonly string[];
}

const INGRESS: Change = {
  lacks: ['spec.defaultBackend', 'spec.rules.http.paths.backend.service'],
  has: ['spec.backend', 'spec.rules.http.paths.backend.serviceName', 'spec.rules.http.paths.backend.servicePort'],
};
const SHARES: Change = { lacks: ['spec.limited.nominalConcurrencyShares'], has: ['spec.limited.assuredConcurrencyShares'] };
const SUBJECTS: Change = { lacks: ['subjects.apiGroup'], has: ['subjects.apiVersion'] };
const LATER_DEVICE_FIELDS = [
  'allNodes',
  'allowMultipleAllocations',
  'attributes',
  'bindingConditions',
  'bindingFailureConditions',
  'bindsToNode',
  'capacity',
  'consumesCounters',
  'nodeName',
  'nodeSelector',
  'taints',
];
const REQUEST = ['adminAccess', 'allocationMode', 'capacity', 'count', 'deviceClassName', 'selectors', 'tolerations'];

/** By apiVersion and kind; kinds that are not listed have the same fields in all versions. */
const CHANGES: Readonly<Record<string, Change>> = {
  'apiextensions.k8s.io/v1beta1/CustomResourceDefinition': {
    lacks: ['spec.versions.additionalPrinterColumns.jsonPath', 'spec.conversion.webhook'],
    has: [
      'spec.version',
      'spec.validation',
      'spec.subresources',
      'spec.additionalPrinterColumns',
      'spec.selectableFields',
      'spec.conversion.webhookClientConfig',
      'spec.conversion.conversionReviewVersions',
      'spec.versions.additionalPrinterColumns.JSONPath',
    ],
  },
  'discovery.k8s.io/v1beta1/EndpointSlice': {
    lacks: ['endpoints.zone', 'endpoints.deprecatedTopology'],
    has: ['endpoints.topology'],
  },
  'extensions/v1beta1/DaemonSet': { has: ['spec.templateGeneration'] },
  'extensions/v1beta1/Deployment': { has: ['spec.rollbackTo'] },
  'apps/v1beta1/Deployment': { has: ['spec.rollbackTo'] },
  'extensions/v1beta1/Ingress': INGRESS,
  'networking.k8s.io/v1beta1/Ingress': INGRESS,
  'flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration': SHARES,
  'flowcontrol.apiserver.k8s.io/v1beta2/PriorityLevelConfiguration': SHARES,
  'node.k8s.io/v1alpha1/RuntimeClass': { lacks: ['handler', 'overhead', 'scheduling'], has: ['spec'] },
  'rbac.authorization.k8s.io/v1alpha1/ClusterRoleBinding': SUBJECTS,
  'rbac.authorization.k8s.io/v1alpha1/RoleBinding': SUBJECTS,
  'resource.k8s.io/v1beta1/ResourceClaim': {
    lacks: ['spec.devices.requests.exactly'],
    has: REQUEST.map((name) => `spec.devices.requests.${name}`),
  },
  'resource.k8s.io/v1beta1/ResourceClaimTemplate': {
    lacks: ['spec.spec.devices.requests.exactly'],
    has: REQUEST.map((name) => `spec.spec.devices.requests.${name}`),
  },
  'resource.k8s.io/v1beta1/ResourceSlice': {
    lacks: LATER_DEVICE_FIELDS.map((name) => `spec.devices.${name}`),
    has: ['spec.devices.basic'],
  },
};

/** @param current the type of the same kind in the version that is served */
export function formerType(apiVersion: string, kind: string, current: StructNode): StructNode {
  const { lacks = [], has = [] } = CHANGES[`${apiVersion}/${kind}`] ?? {};
  let type: TypeNode = current;
  for (const path of lacks) type = changed(type, path.split('.'), false);
  for (const path of has) type = changed(type, path.split('.'), true);
  return type.kind === 'struct' ? type : current;
}

/** The type with a field more or less, somewhere within. */
function changed(type: TypeNode, path: readonly string[], more: boolean): TypeNode {
  if (type.kind === 'list' || type.kind === 'map') return { ...type, item: changed(type.item, path, more) };
  const [name, ...rest] = path;
  if (type.kind !== 'struct' || name === undefined) return type;
  const fields = new Map(type.fields);
  const field = fields.get(name);
  if (rest.length > 0) {
    if (field !== undefined) fields.set(name, { ...field, type: changed(field.type, rest, more) });
  } else if (more) fields.set(name, freeField(name));
  else fields.delete(name);
  return { ...type, fields };
}

/** What was in a former field is of no use: the body is refused in any case. */
function freeField(name: string): FieldNode {
  const type: TypeNode = { kind: 'any', goType: name };
  const flags = { pointer: false, always: false, omitZero: false, keepsZero: false, required: false };
  return { name, embedded: [], type, ...flags, enum: undefined };
}
