import { LEAF, type FieldSet } from '../apimachinery/managedfields/fieldSet.ts';
import { compileFieldTypes, DEDUCED, type FieldType, type FieldTypes } from '../apimachinery/managedfields/fieldType.ts';
import { apiVersion, groupResource } from '../apimachinery/meta/resource.ts';
import { SCHEMAS, SCHEME } from './scheme.ts';
import type { Strategy } from './strategy.ts';

/** The types of the recorded API as field ownership sees them. */
export const FIELD_TYPES: FieldTypes = compileFieldTypes(SCHEMAS, SCHEME);

/** The type of a kind's objects; of a custom resource, what its structural schema says. */
export function fieldTypeOf(strategy: Strategy): FieldType {
  return ownershipOf(strategy).type;
}

/** What field ownership has to know of a kind; asked for at every write, so it is kept. */
interface Ownership {
  readonly type: FieldType;
  readonly reset: FieldSet;
  readonly statusReset: FieldSet;
}

const KNOWN = new WeakMap<Strategy, Ownership>();

function ownershipOf(strategy: Strategy): Ownership {
  let known = KNOWN.get(strategy);
  if (known !== undefined) return known;
  const { resource, fieldType, status } = strategy;
  const definition = SCHEMAS.kinds[`${apiVersion(resource)}/${resource.kind}`];
  const recorded = definition === undefined ? DEDUCED : FIELD_TYPES.ofDefinition(definition);
  known = {
    type: fieldType ?? recorded,
    reset: status === undefined ? NONE : STATUS,
    statusReset: fieldType === undefined ? (KEPT_BY_STATUS[groupResource(resource)] ?? SPEC) : SPEC_AND_METADATA,
  };
  KNOWN.set(strategy, known);
  return known;
}

const NONE: FieldSet = {};
const STATUS: FieldSet = { 'f:status': LEAF };
const SPEC: FieldSet = { 'f:spec': LEAF };
const SPEC_AND_METADATA: FieldSet = { 'f:spec': LEAF, 'f:metadata': LEAF };

/** What an update of the status cannot change, where it is not only the spec. */
const KEPT_BY_STATUS: Readonly<Record<string, FieldSet>> = {
  pods: { 'f:spec': LEAF, 'f:metadata': { 'f:deletionTimestamp': LEAF, 'f:ownerReferences': LEAF } },
  'deployments.apps': { 'f:spec': LEAF, 'f:metadata': { 'f:labels': LEAF } },
  'apiservices.apiregistration.k8s.io': SPEC_AND_METADATA,
  'customresourcedefinitions.apiextensions.k8s.io': SPEC_AND_METADATA,
  'flowschemas.flowcontrol.apiserver.k8s.io': SPEC_AND_METADATA,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': SPEC_AND_METADATA,
  'resourceclaims.resource.k8s.io': SPEC_AND_METADATA,
  'servicecidrs.networking.k8s.io': SPEC_AND_METADATA,
  'validatingadmissionpolicies.admissionregistration.k8s.io': SPEC_AND_METADATA,
  'volumeattachments.storage.k8s.io': SPEC_AND_METADATA,
  'certificatesigningrequests.certificates.k8s.io': { 'f:spec': LEAF, 'f:status': { 'f:conditions': LEAF } },
};

/**
 * What an update of the status leaves of metadata. Definitions of custom resources only say so: the API server compares their
 * metadata with itself, and the controller that finishes their deletion relies on it.
 */
export function metadataKeptByStatus(strategy: Strategy): FieldSet | undefined {
  if (strategy.resource.plural === 'customresourcedefinitions') return undefined;
  return resetFields(strategy, 'status')['f:metadata'];
}

/** Fields that a write of the object or of one of its subresources leaves as they are, whatever it sends. */
export function resetFields(strategy: Strategy, subresource: string): FieldSet {
  const { reset, statusReset } = ownershipOf(strategy);
  return subresource === 'status' ? statusReset : reset;
}
