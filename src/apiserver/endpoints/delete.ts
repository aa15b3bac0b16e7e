import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { answer, refuse } from './answer.ts';
import type { HttpResponse } from './http.ts';
import { isStatus, listObjects } from './list.ts';
import { deleteOptions } from './options.ts';
import { answerList, answerObject, storedStrategy } from './read.ts';
import type { ResourceRequest } from './resource.ts';
import { returnsDeletedObject, type ServedResource } from './served.ts';

/** DELETE of one object. */
export function deleteObject(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const asked = deleteOptions(request);
  if (isStatus(asked)) return refuse(asked, encoding);
  const outcome = api.registry.delete(asked.context, storedStrategy(context), info.namespace, info.name, asked.options);
  if (!outcome.ok) return refuse(outcome.status, encoding, outcome.warnings);
  if (outcome.now === true && !returnsDeletedObject(served.type))
    return answer(deleted(served, outcome.object), 200, encoding, outcome.warnings);
  return answerObject(context, outcome.object, 200, outcome.warnings);
}

/** DELETE of a collection: everything that is selected, up to the limit; the answer lists it as it was before. */
export function deleteCollection(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding } = context;
  const asked = deleteOptions(request);
  if (isStatus(asked)) return refuse(asked, encoding);
  const list = listObjects(api.store, served.type, info.namespace, request.query);
  if (isStatus(list)) return refuse(list, encoding);
  const warnings: string[] = [];
  for (const { metadata } of list.objects) {
    const outcome = api.registry.delete(
      asked.context,
      storedStrategy(context),
      metadata.namespace ?? '',
      metadata.name ?? '',
      asked.options,
    );
    warnings.push(...outcome.warnings);
    if (!outcome.ok && outcome.status.reason !== 'NotFound') return refuse(outcome.status, encoding, warnings);
  }
  return answerList(context, list.objects, list.metadata, warnings);
}

/** What is said of an object that is gone, where it is not itself the answer. */
function deleted({ type }: ServedResource, { metadata }: KubeObject): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: metadata.name ?? '', ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid: metadata.uid ?? '' },
  };
}
