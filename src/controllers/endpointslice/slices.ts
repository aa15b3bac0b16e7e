import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { ENDPOINTSLICES } from '../../api/schema/resources.ts';
import type { EndpointPort, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { isReason } from '../../apimachinery/errors/status.ts';
import type { ObjectMeta } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';
import { INDEX_SERVICE } from '../../apiserver/serviceIndex.ts';
import { setTriggerTime } from '../util/triggerTime.ts';
import { packSlices, type PortGroup, type SlicePlan } from './packing.ts';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';

/** What all slices of one Service (or one Endpoints object) have in common. */
export interface SliceTemplate {
  readonly namespace: string;
  /** The slices' generated names begin with this and a dash. */
  readonly base: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The owner is being deleted. */
  readonly isOwnerGoing: boolean;
  readonly owner: NonNullable<ObjectMeta['ownerReferences']>[number];
  /** What made the slices change, for those that are written; absent: nobody keeps account of that. */
  readonly trigger?: { readonly time: string | undefined };
  /** Has a last word on what is written, given the slices that would be left alone. */
  readonly adjust?: ((plan: SlicePlan, unchanged: readonly EndpointSlice[]) => SlicePlan) | undefined;
}

/** The slices of a Service that one manager keeps, but for those on their way out. */
export function slicesOf(client: Client, namespace: string, service: string, managedBy: string): readonly EndpointSlice[] {
  return client
    .byIndex(ENDPOINTSLICES, INDEX_SERVICE, `${namespace}/${service}`)
    .filter((slice) => slice.metadata.labels?.[MANAGED_BY_LABEL] === managedBy && slice.metadata.deletionTimestamp === undefined);
}

/** Brings the slices of one address type to hold these groups. @throws StatusError */
export function writeSlices(
  client: Client,
  existing: readonly EndpointSlice[],
  addressType: EndpointSlice['addressType'],
  groups: ReadonlyMap<string, PortGroup>,
  template: SliceTemplate,
): void {
  const fresh = (ports: readonly EndpointPort[]): Draft<EndpointSlice> => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${template.base}-`,
      namespace: template.namespace,
      labels: { ...template.labels },
      ...(template.annotations === undefined ? {} : { annotations: { ...template.annotations } }),
      ownerReferences: [{ ...template.owner }],
    },
    addressType,
    ports: draft(ports),
    endpoints: [],
  });
  const refresh = (slice: EndpointSlice): Draft<EndpointSlice> => {
    const copy = draft(slice);
    if (!jsonEqual(copy.metadata.labels, template.labels)) copy.metadata.labels = { ...template.labels };
    return copy;
  };
  const packed = packSlices(existing, groups, fresh, refresh);
  const { trigger, adjust } = template;
  const plan = adjust === undefined ? packed : adjust(packed, leftAlone(existing, packed));
  if (trigger !== undefined) for (const { metadata } of [...plan.create, ...plan.update]) setTriggerTime(metadata, trigger.time);
  // The garbage collector takes the slices of an owner that is on its way out: new ones would come and go for ever.
  if (!template.isOwnerGoing) for (const slice of plan.create) client.create(ENDPOINTSLICES, slice);
  for (const slice of plan.update) client.update(ENDPOINTSLICES, slice);
  for (const slice of plan.remove) removeSlice(client, slice);
}

function leftAlone(existing: readonly EndpointSlice[], { update, remove }: SlicePlan): readonly EndpointSlice[] {
  const touched = new Set([...update, ...remove].map(({ metadata }) => metadata.name));
  return existing.filter(({ metadata }) => !touched.has(metadata.name));
}

export function removeSlice(client: Client, slice: EndpointSlice): void {
  try {
    client.delete(ENDPOINTSLICES, slice.metadata.namespace ?? '', slice.metadata.name ?? '');
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}
