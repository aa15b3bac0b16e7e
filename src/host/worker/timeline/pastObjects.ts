/**
 * Single objects while the past is shown: as they were then, and not to be changed.
 * Invariant: undefined while the present is shown; then the API server answers. Counterpart: none.
 */
import { failure, notFound } from '../../../apimachinery/errors/status.ts';
import { groupResource, objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { printYaml } from '../../../kubectl/printYaml.ts';
import type { Accepted, Answer, Refusal } from '../../protocol/protocol.ts';
import type { ObjectRef } from '../../protocol/view.ts';
import type { Session } from '../session.ts';

type Looked = Pick<Session, 'shown' | 'cluster'>;

export function pastObject({ shown, cluster }: Looked, ref: ObjectRef): Answer<KubeObject> | undefined {
  const resource = cluster.api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
  if (shown.revision === undefined || resource === undefined) return undefined;
  const object = shown.source.get(groupResource(resource), objectKey(ref.namespace, ref.name));
  return object === undefined ? { ok: false, status: notFound(resource, ref.name) } : accepted(object);
}

export function pastYaml(session: Looked, ref: ObjectRef): Answer<string> | undefined {
  const answer = pastObject(session, ref);
  return answer?.ok === true ? accepted(printYaml(answer.value)) : answer;
}

export function refusedInPast({ shown }: Pick<Session, 'shown'>): Refusal | undefined {
  if (shown.revision === undefined) return undefined;
  return {
    ok: false,
    status: failure(405, 'MethodNotAllowed', 'the past is shown, which cannot be changed: go back to now, or fork from here'),
  };
}

function accepted<T>(value: T): Accepted<T> {
  return { ok: true, value, warnings: [] };
}
