/**
 * Extended resources (`example.com/gpu: 1`) that a DeviceClass stands for: on nodes that do not offer them themselves they are devices.
 * Invariant: the claim for them is made once a node was chosen, belongs to the Pod, and goes if the Pod does not get there.
 * Counterpart: extendeddynamicresources.go of plugins/dynamicresources, and k8s.io/dynamic-resource-allocation/deviceclass/extendedresourcecache.
 */
import { draft } from '../../../../base/json.ts';
import { EXTENDED_RESOURCE_CLAIM } from '../../../../api/resource/resourceclaim/podClaim.ts';
import { DEVICECLASSES, PODS, RESOURCECLAIMS } from '../../../../api/schema/resources.ts';
import type { ContainerExtendedResourceRequest, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { DeviceClass, DeviceRequest, ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import { StatusError } from '../../../../apimachinery/errors/status.ts';
import { groupResource, keyOf } from '../../../../apimachinery/meta/resource.ts';
import { value } from '../../../../apimachinery/quantity/quantity.ts';
import type { BindingHandle, ObjectIndex, SchedulerReader } from '../../interface.ts';
import { podRequests, type Resource } from '../../resource.ts';
import type { Status } from '../../status.ts';

const CLASSES = groupResource(DEVICECLASSES);
const BY_RESOURCE = 'extendedResource';
/** Every class can be asked for by this and its name. */
const IMPLICIT_PREFIX = 'deviceclass.resource.kubernetes.io/';

export const EXTENDED_RESOURCE_INDEX: ObjectIndex = {
  resource: CLASSES,
  name: BY_RESOURCE,
  keys: (object) => {
    const { metadata, spec } = object as unknown as DeviceClass;
    const implicit = `${IMPLICIT_PREFIX}${metadata.name ?? ''}`;
    return spec.extendedResourceName === undefined ? [implicit] : [spec.extendedResourceName, implicit];
  },
};

/** What one container needs of one extended resource that a class stands for. */
export interface ExtendedRequest {
  readonly container: string;
  readonly resource: string;
  /** `container-0-request-0` */
  readonly name: string;
  readonly className: string;
  readonly count: number;
}

/** The class of a resource: of several the newest, then the first by name. */
export function classOfResource(reader: SchedulerReader, resource: string): DeviceClass | undefined {
  const classes = reader.byIndex(CLASSES, BY_RESOURCE, resource) as readonly DeviceClass[];
  return classes.length < 2
    ? classes[0]
    : classes.toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1))[0];
}

/** Most Pods ask for none. */
export function extendedRequests(reader: SchedulerReader, pod: Pod): readonly ExtendedRequest[] {
  if (podRequests(pod).total.scalars === undefined) return NONE;
  const requests: ExtendedRequest[] = [];
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  for (const [index, { name: container, resources }] of containers.entries()) {
    const names = Object.keys(resources?.requests ?? {}).filter((name) => name.includes('/'));
    for (const [place, resource] of names.toSorted().entries()) {
      const className = classOfResource(reader, resource)?.metadata.name;
      const count = value(resources?.requests?.[resource]);
      if (className === undefined || count <= 0) continue;
      requests.push({ container, resource, name: `container-${index}-request-${place}`, className, count });
    }
  }
  return requests;
}

const NONE: readonly ExtendedRequest[] = [];

/** A node that offers a resource itself has a device plugin for it, and no claim is made for that. */
export function requestsOnNode(requests: readonly ExtendedRequest[], { scalars }: Resource): readonly ExtendedRequest[] {
  return requests.filter(({ resource }) => (scalars?.get(resource) ?? 0) === 0);
}

/** A claim that is not stored yet. */
export function claimFor(pod: Pod, requests: readonly ExtendedRequest[]): ResourceClaim {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  return {
    metadata: { namespace, generateName: `${name}-extended-resources-`, name: '<extended-resources>', uid },
    spec: { devices: { requests: requests.map(deviceRequest) } },
  };
}

function deviceRequest({ name, className, count }: ExtendedRequest): DeviceRequest {
  return { name, exactly: { deviceClassName: className, allocationMode: 'ExactCount', count } };
}

/** Stores the claim, and tells the Pod which of its requests are met by it. @returns `namespace/name` */
export function createClaim(pod: Pod, requests: readonly ExtendedRequest[], { client }: BindingHandle): string | Status {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  try {
    const claim = client.create(RESOURCECLAIMS, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: {
        generateName: `${name}-extended-resources-`,
        namespace,
        annotations: { [EXTENDED_RESOURCE_CLAIM]: 'true' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec: { devices: { requests: draft(requests.map(deviceRequest)) } },
    });
    const requestMappings = requests.map(({ container, resource, name: request }): ContainerExtendedResourceRequest => ({
      containerName: container,
      resourceName: resource,
      requestName: request,
    }));
    const status = { resourceClaimName: claim.metadata.name ?? '', requestMappings: draft(requestMappings) };
    client.modify(PODS, namespace, name, (copy) => void ((copy.status ??= {}).extendedResourceClaimStatus = status), 'status');
    return keyOf(claim);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { code: 'Error', reasons: [`create claim for extended resources: ${error.message}`] };
  }
}

/** The name of the claim that was made for the Pod's extended resources, if one was. */
export function extendedClaimOf(reader: SchedulerReader, { metadata }: Pod): string | undefined {
  const pod = reader.get('pods', metadata.namespace ?? '', metadata.name ?? '') as Pod | undefined;
  return pod?.metadata.uid === metadata.uid ? pod?.status?.extendedResourceClaimStatus?.resourceClaimName : undefined;
}

export function deleteClaim(pod: Pod, { client, reader }: BindingHandle): void {
  const name = extendedClaimOf(reader, pod);
  const { namespace = '', name: podName = '' } = pod.metadata;
  if (name === undefined) return;
  client.modify(RESOURCECLAIMS, namespace, name, (claim) => void (claim.status = {}), 'status');
  client.modify(RESOURCECLAIMS, namespace, name, ({ metadata }) => void delete metadata.finalizers);
  client.delete(RESOURCECLAIMS, namespace, name);
  client.modify(PODS, namespace, podName, ({ status }) => void delete status?.extendedResourceClaimStatus, 'status');
}
