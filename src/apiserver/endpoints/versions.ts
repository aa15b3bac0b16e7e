/**
 * Resources that two APIs serve out of one storage: the Events of events.k8s.io are kept as Events of the core group,
 * autoscalers of autoscaling/v1 as those of v2.
 * Invariant: what is kept is one form; the other is made when it is asked for.
 * Counterpart: the storage versions of k8s.io/apiserver/pkg/server/storage.
 */
import { AUTOSCALING_V1_HORIZONTALPODAUTOSCALERS, EVENTS, EVENTS_V1_EVENTS, HORIZONTALPODAUTOSCALERS } from '../../api/schema/resources.ts';
import type { HorizontalPodAutoscaler as AutoscalerV1 } from '../../api/schema/types/autoscaling/v1.ts';
import type { HorizontalPodAutoscaler as AutoscalerV2 } from '../../api/schema/types/autoscaling/v2.ts';
import type { Event } from '../../api/schema/types/core/v1.ts';
import type { Event as EventsV1Event } from '../../api/schema/types/events/v1.ts';
import { isCustomType } from '../../api/apiextensions/customresource/kind.ts';
import { fromStoredCustom } from '../../api/apiextensions/customresource/versions.ts';
import { toV1, toV2 } from '../../api/autoscaling/horizontalpodautoscaler/conversion.ts';
import { toCoreEvent, toEventsV1Event } from '../../api/core/event/conversion.ts';
import { draft, type Draft } from '../../base/json.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import { toWire } from '../../apimachinery/scheme/wire.ts';
import { nodeOf } from '../../api/scheme.ts';
import { strategyOf } from '../../api/register.ts';
import { validateUpdate } from '../../api/verdict.ts';
import { invalid, type Status } from '../../apimachinery/errors/status.ts';
import { withManagedFields } from '../storage/managed.ts';
import type { ApiServer } from '../apiServer.ts';
import type { Outcome, RequestContext } from '../request.ts';

interface Conversion {
  readonly served: ResourceType;
  /** In whose form the objects are kept. */
  readonly stored: ResourceType;
  readonly toStorage: (object: KubeObject) => KubeObject;
  readonly fromStorage: (object: KubeObject) => KubeObject;
  /** The served form has rules of its own; the other one's are not enough. */
  readonly judgedAsServed: boolean;
}

const CONVERSIONS: readonly Conversion[] = [
  {
    served: EVENTS_V1_EVENTS,
    stored: EVENTS,
    toStorage: (object) => toCoreEvent(object as EventsV1Event),
    // Members that this form prints although nobody set them.
    fromStorage: (object) => ({
      ...{ deprecatedSource: {}, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null },
      ...toEventsV1Event(object as Event),
    }),
    judgedAsServed: true,
  },
  {
    served: AUTOSCALING_V1_HORIZONTALPODAUTOSCALERS,
    stored: HORIZONTALPODAUTOSCALERS,
    toStorage: (object) => toV2(object as AutoscalerV1),
    fromStorage: (object) => toV1(object as AutoscalerV2),
    judgedAsServed: false,
  },
];

function conversionOf(type: ResourceType): Conversion | undefined {
  // Asked for every object of a list.
  let found = FOUND.get(type);
  if (found === undefined) {
    const { group, version, plural } = type;
    found = CONVERSIONS.find(({ served }) => served.plural === plural && served.version === version && served.group === group) ?? null;
    FOUND.set(type, found);
  }
  return found ?? undefined;
}

const FOUND = new WeakMap<ResourceType, Conversion | null>();

/** The resource in whose form the objects are kept. */
export function storageOf(type: ResourceType): ResourceType {
  return conversionOf(type)?.stored ?? type;
}

export function isConverted(type: ResourceType): boolean {
  return conversionOf(type) !== undefined;
}

/** A stored object in the form of a resource, as answers show it. */
export function fromStorage(type: ResourceType, object: KubeObject): KubeObject {
  return withManagedFields(object, inForm(type, object));
}

/** A stored object in the form of a resource, as the registry takes it. */
export function inForm(type: ResourceType, object: KubeObject): KubeObject {
  if (isCustomType(type)) return fromStoredCustom(type, object);
  return conversionOf(type)?.fromStorage(object) ?? object;
}

/** An object as it is sent: where Go prints an empty list, map or time, there stands null. Objects in memory hold no nulls. */
export function asWritten(type: ResourceType, object: KubeObject): KubeObject {
  const node = nodeOf(type);
  return node === undefined ? object : (toWire(node, object) as KubeObject);
}

export function toStorage(type: ResourceType, object: Draft<KubeObject>): Draft<KubeObject> {
  const conversion = conversionOf(type);
  return conversion === undefined ? object : draft(conversion.toStorage(object as KubeObject));
}

/** An update is judged by the rules of the form in which it came. */
export function judgeConverted(api: ApiServer, type: ResourceType, namespace: string, object: KubeObject): Status | undefined {
  const { name = '' } = object.metadata;
  const conversion = conversionOf(type);
  const stored = conversion?.judgedAsServed === true ? api.get(conversion.stored, namespace, name) : undefined;
  const strategy = strategyOf(type.group, type.version, type.plural);
  if (stored?.ok !== true || strategy === undefined) return undefined;
  const { errors } = validateUpdate(strategy, object, inForm(type, stored.object));
  return errors.length === 0 ? undefined : invalid(storageOf(type), name, errors);
}

/** A create is judged by the rules of the form in which it came. */
export function createStored(
  api: ApiServer,
  context: RequestContext,
  type: ResourceType,
  namespace: string,
  object: Draft<KubeObject>,
): Outcome<KubeObject> {
  const conversion = conversionOf(type);
  if (conversion?.judgedAsServed !== true) return api.create(context, storageOf(type), namespace, toStorage(type, object));
  const judged = api.create({ ...context, dryRun: true }, type, namespace, draft(object as KubeObject));
  if (!judged.ok) return judged;
  return api.create(context, storageOf(type), namespace, toStorage(type, object));
}
