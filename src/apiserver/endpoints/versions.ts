/**
 * Resources that two APIs serve out of one storage: the Events of events.k8s.io are kept as Events of the core group.
 * Invariant: what is kept is one form; the other is made when it is asked for.
 * Counterpart: the storage versions of k8s.io/apiserver/pkg/server/storage.
 */
import { EVENTS, EVENTS_V1_EVENTS } from '../../api/schema/resources.ts';
import type { Event } from '../../api/schema/types/core/v1.ts';
import type { Event as EventsV1Event } from '../../api/schema/types/events/v1.ts';
import { toCoreEvent, toEventsV1Event } from '../../api/core/event/conversion.ts';
import { draft, type Draft } from '../../base/json.ts';
import { groupResource, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import { toWire } from '../../apimachinery/scheme/wire.ts';
import { nodeOf } from '../../api/scheme.ts';
import { strategyOf } from '../../api/register.ts';
import { validateUpdate } from '../../api/verdict.ts';
import { invalid, type Status } from '../../apimachinery/errors/status.ts';
import type { ApiServer } from '../apiServer.ts';
import type { Outcome, RequestContext } from '../request.ts';

/** The resource in whose form the objects are kept. */
export function storageOf(type: ResourceType): ResourceType {
  return isConverted(type) ? EVENTS : type;
}

export function isConverted(type: ResourceType): boolean {
  return groupResource(type) === groupResource(EVENTS_V1_EVENTS);
}

export function fromStorage(type: ResourceType, object: KubeObject): KubeObject {
  return isConverted(type) ? { ...UNSET, ...toEventsV1Event(object as Event) } : object;
}

/** An object as it is sent: where Go prints an empty list, map or time, there stands null. Objects in memory hold no nulls. */
export function asWritten(type: ResourceType, object: KubeObject): KubeObject {
  const node = nodeOf(type);
  return node === undefined ? object : (toWire(node, object) as KubeObject);
}

export function toStorage(type: ResourceType, object: Draft<KubeObject>): Draft<KubeObject> {
  return isConverted(type) ? (toCoreEvent(object as unknown as EventsV1Event) as unknown as Draft<KubeObject>) : object;
}

/** Members that this form prints although nobody set them. */
const UNSET = { deprecatedSource: {}, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null };

/** An update is judged by the rules of the form in which it came. */
export function judgeConverted(api: ApiServer, type: ResourceType, namespace: string, object: KubeObject): Status | undefined {
  const { name = '' } = object.metadata;
  const stored = isConverted(type) ? api.get(storageOf(type), namespace, name) : undefined;
  const strategy = strategyOf(type.group, type.version, type.plural);
  if (stored?.ok !== true || strategy === undefined) return undefined;
  const { errors } = validateUpdate(strategy, object, fromStorage(type, stored.object));
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
  if (!isConverted(type)) return api.create(context, type, namespace, object);
  const judged = api.create({ ...context, dryRun: true }, type, namespace, draft(object as KubeObject));
  if (!judged.ok) return judged;
  return api.create(context, storageOf(type), namespace, toStorage(type, object));
}
