/**
 * The fields that a list or a watch can select by, kind by kind.
 * Counterpart: GetAttrs / SelectableFields of k8s.io/kubernetes/pkg/registry and AddFieldLabelConversionsFor… of pkg/apis.
 */
import { isCustomType } from '../../api/apiextensions/customresource/kind.ts';
import { fieldText, META_FIELDS, type FieldSelector } from '../../apimachinery/fields/selector.ts';
import { groupResource, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';

interface Selectable {
  readonly fields: readonly string[];
  /** How the text of a field comes about where it is not simply the field. */
  readonly values?: Readonly<Record<string, (object: KubeObject) => string>>;
  /** The text for a field that the kind does not offer. */
  readonly unsupported: (field: string) => string;
}

const core = (field: string): string => `field label not supported: ${field}`;
const other = (field: string): string => `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
const ofKind =
  (kind: string) =>
  (field: string): string =>
    `field label "${field}" not supported for ${kind}`;

const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const SELECTABLE: Readonly<Record<string, Selectable>> = {
  pods: {
    fields: [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.podIPs',
      'status.nominatedNodeName',
    ],
    values: { 'spec.hostNetwork': orElse('spec.hostNetwork', 'false') },
    unsupported: core,
  },
  nodes: { fields: ['spec.unschedulable'], values: { 'spec.unschedulable': orElse('spec.unschedulable', 'false') }, unsupported: core },
  namespaces: { fields: ['status.phase', 'name'], unsupported: core },
  secrets: { fields: ['type'], unsupported: core },
  services: { fields: ['spec.clusterIP', 'spec.type'], unsupported: core },
  replicationcontrollers: { fields: ['status.replicas'], values: { 'status.replicas': orElse('status.replicas', '0') }, unsupported: core },
  events: {
    fields: [...INVOLVED.map((name) => `involvedObject.${name}`), 'reason', 'reportingComponent', 'source', 'type'],
    values: { source: (event) => fieldText(event, 'source.component') || fieldText(event, 'reportingComponent') },
    unsupported: core,
  },
  'events.events.k8s.io': {
    fields: [...INVOLVED.map((name) => `regarding.${name}`), 'reason', 'reportingController', 'type'],
    values: {
      ...Object.fromEntries(
        INVOLVED.map((name) => [`regarding.${name}`, (event: KubeObject) => fieldText(event, `involvedObject.${name}`)]),
      ),
      reportingController: (event) => fieldText(event, 'reportingComponent'),
    },
    unsupported: core,
  },
  'jobs.batch': {
    fields: ['status.successful'],
    values: { 'status.successful': (job) => fieldText(job, 'status.succeeded') || '0' },
    unsupported: ofKind('Job'),
  },
  'certificatesigningrequests.certificates.k8s.io': { fields: ['spec.signerName'], unsupported: ofKind('CertificateSigningRequest') },
};

/** The fields beside metadata.name and metadata.namespace that may be asked for; and the text for those that may not. */
export function selectableFields(type: ResourceType): {
  readonly supported: readonly string[];
  readonly unsupported: (field: string) => string;
} {
  if (isCustomType(type)) return { supported: [...META_FIELDS.slice(0, type.namespaced ? 2 : 1), ...type.selectable], unsupported: core };
  const selectable = SELECTABLE[groupResource(type)];
  const meta = type.namespaced || selectable !== undefined ? META_FIELDS : ['metadata.name', 'metadata.namespace'];
  return { supported: [...meta, ...(selectable?.fields ?? [])], unsupported: selectable?.unsupported ?? other };
}

export function matchesSelectedFields(type: ResourceType, selector: FieldSelector, object: KubeObject): boolean {
  const values = SELECTABLE[groupResource(type)]?.values;
  return selector.every(
    ({ field, operator, value }) => ((values?.[field]?.(object) ?? fieldText(object, field)) === value) === (operator === '='),
  );
}

function orElse(field: string, fallback: string): (object: KubeObject) => string {
  return (object) => fieldText(object, field) || fallback;
}
