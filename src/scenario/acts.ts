/**
 * What a step does to the cluster: requests to the API server, as kubectl would send them.
 * Invariant: a refusal is an answer; nothing here lets time pass. Counterpart: kubectl apply, delete, scale, patch, rollout, cordon.
 */
import { groupResource, type KubeObject, type ResourceType, type UnknownObject } from '../apimachinery/meta/resource.ts';
import { INDEX_OWNER } from '../apiserver/apiServer.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { applyObject } from '../kubectl/apply.ts';
import { answerOf } from '../kubectl/inProcess.ts';
import { inDependencyOrder } from '../kubectl/order.ts';
import { send, type RestRequest } from '../kubectl/rest.ts';
import { objectsOf } from '../manifest/lists.ts';
import { parseName, resourceIn, wildcard } from './names.ts';
import type { Act, Step } from './types.ts';

/** Why an act came to nothing. */
export interface Refusal {
  /** What was refused, as kubectl names it. */
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
}

export interface ActContext {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** The objects of the step's files, in their order. */
  readonly objects: readonly UnknownObject[];
}

/** Empty: the act was done. Acts that only let time pass are not done here. */
export async function carryOut(context: ActContext, act: Act, step: Step): Promise<readonly Refusal[]> {
  const { cluster } = context;
  const { fault, load, scale, patch } = step;
  switch (act) {
    case 'apply':
    case 'objects':
      return applyAll(context, [...context.objects, ...(step.objects ?? [])]);
    case 'fault':
      return fault === undefined ? [] : control(context, 'Fault', fault);
    case 'load':
      return load === undefined ? [] : control(context, 'Load', load);
    case 'recover':
      return on(context, `fault/${step.recover ?? ''}`, (path) => ({ method: 'DELETE', path }));
    case 'endLoad':
      return on(context, `load/${step.endLoad ?? ''}`, (path) => ({ method: 'DELETE', path }));
    case 'delete': {
      const { object = '', gracePeriodSeconds, propagationPolicy = 'Background' } = step.delete ?? {};
      const options = { propagationPolicy, ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }) };
      const name = firstOf(context, object);
      if (name === undefined) return [{ subject: object, reason: 'NotFound', message: `nothing has the name "${object}"` }];
      return on(context, name, (path) => ({ method: 'DELETE', path, contentType: 'application/json', body: JSON.stringify(options) }));
    }
    case 'scale':
      return on(context, scale?.object ?? '', (path) => merge(`${path}/scale`, { spec: { replicas: scale?.replicas } }));
    case 'patch': {
      const { object = '', type = 'merge', subresource } = patch ?? {};
      return on(context, object, (path) => ({
        method: 'PATCH',
        path: subresource === undefined ? path : `${path}/${subresource}`,
        contentType: `application/${PATCH_TYPES[type]}+json`,
        body: JSON.stringify(patch?.patch),
      }));
    }
    case 'restart': {
      const restartedAt = new Date(cluster.simulation.now()).toISOString().replace(/\.\d+Z$/, 'Z');
      const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt };
      return on(context, step.restart ?? '', (path) => merge(path, { spec: { template: { metadata: { annotations } } } }));
    }
    case 'undo':
      return undo(context, step.undo ?? '');
    case 'cordon':
      return on(context, `node/${step.cordon ?? ''}`, (path) => merge(path, { spec: { unschedulable: true } }));
    case 'uncordon':
      return on(context, `node/${step.uncordon ?? ''}`, (path) => merge(path, { spec: { unschedulable: null } }));
    case 'drain':
      return on(context, `node/${step.drain ?? ''}`, (path) => merge(path, { spec: { unschedulable: true } }));
    case 'wait':
    case 'until':
    case 'expect':
      return [];
  }
}

const PATCH_TYPES = { json: 'json-patch', merge: 'merge-patch', strategic: 'strategic-merge-patch' } as const;

function merge(path: string, body: object): RestRequest {
  return { method: 'PATCH', path, contentType: 'application/merge-patch+json', body: JSON.stringify(body) };
}

/** All of them in an order in which they are there for each other; what is refused does not keep the others from being applied. */
export async function applyAll({ cluster, namespace }: ActContext, objects: readonly UnknownObject[]): Promise<readonly Refusal[]> {
  const rest = { request: (request: RestRequest) => Promise.resolve(answerOf(cluster.api, request)) };
  const refusals: Refusal[] = [];
  for (const object of inDependencyOrder(objects.flatMap(itemsOf), ({ kind }) => kind ?? '')) {
    const applied = await applyObject(rest, object, { dryRun: false, namespace });
    if (applied.ok) continue;
    const { reason = '', message = '' } = applied.status;
    refusals.push({ subject: `${(object.kind ?? '').toLowerCase()}/${object.metadata.name ?? ''}`, reason, message });
  }
  return refusals;
}

function itemsOf(object: UnknownObject): readonly UnknownObject[] {
  return objectsOf(object).map(([item]) => item as UnknownObject);
}

async function control(context: ActContext, kind: 'Fault' | 'Load', given: { readonly name: string }): Promise<readonly Refusal[]> {
  const { name, ...spec } = given;
  return applyAll(context, [{ apiVersion: 'kubepad.dev/v1', kind, metadata: { name }, spec }]);
}

async function on(context: ActContext, text: string, request: (path: string) => RestRequest): Promise<readonly Refusal[]> {
  const place = placeOf(context, text);
  if (place === undefined)
    return [{ subject: text, reason: 'NotFound', message: `the server doesn't have the resource type of "${text}"` }];
  const answer = await send({ request: (each) => Promise.resolve(answerOf(context.cluster.api, each)) }, request(place.path));
  if (answer.ok) return [];
  return [{ subject: text, reason: answer.status.reason ?? '', message: answer.status.message ?? '' }];
}

function placeOf(
  { cluster, namespace }: ActContext,
  text: string,
): { readonly path: string; readonly type: ResourceType; readonly name: string } | undefined {
  const parsed = parseName(text);
  const type = parsed === undefined ? undefined : resourceIn(cluster, parsed.resource);
  if (parsed === undefined || type === undefined) return undefined;
  const { group, version, plural, namespaced } = type;
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return { path: `${base}${scope}/${plural}/${encodeURIComponent(parsed.name)}`, type, name: parsed.name };
}

/** Of a name with `*` the first object, by name, that fits and is not on its way out; undefined: there is none. */
function firstOf({ cluster, namespace }: ActContext, text: string): string | undefined {
  const [word = '', pattern = ''] = text.split('/');
  if (!pattern.includes('*')) return text;
  const type = resourceIn(cluster, word);
  const fits = wildcard(pattern);
  const names = (type === undefined ? [] : cluster.api.store.list(groupResource(type)))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && (metadata.namespace ?? namespace) === namespace)
    .map(({ metadata }) => metadata.name ?? '')
    .filter((name) => fits.test(name));
  const [first] = names.toSorted();
  return first === undefined ? undefined : `${word}/${first}`;
}

/** The template before this one: of a Deployment in the ReplicaSet before, of others in the ControllerRevision before. */
async function undo(context: ActContext, text: string): Promise<readonly Refusal[]> {
  const { api } = context.cluster;
  const place = placeOf(context, text);
  const object = place === undefined ? undefined : api.store.get(groupResource(place.type), `${context.namespace}/${place.name}`);
  if (place === undefined || object === undefined) return [{ subject: text, reason: 'NotFound', message: `${text} not found` }];
  const uid = object.metadata.uid ?? '';
  const isDeployment = place.type.kind === 'Deployment';
  const former = (api.store.byIndex(isDeployment ? 'replicasets.apps' : 'controllerrevisions.apps', INDEX_OWNER, uid) as readonly Former[])
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))
    .at(1);
  if (former === undefined) return [{ subject: text, reason: 'NotFound', message: `no rollout history found for ${text}` }];
  if (!isDeployment)
    return on(context, text, (path) => ({
      method: 'PATCH',
      path,
      contentType: 'application/strategic-merge-patch+json',
      body: JSON.stringify(former.data),
    }));
  const { metadata, ...template } = former.spec?.template ?? {};
  const { 'pod-template-hash': _, ...labels } = metadata?.labels ?? {};
  const operation = { op: 'replace', path: '/spec/template', value: { ...template, metadata: { ...metadata, labels } } };
  return on(context, text, (path) => ({
    method: 'PATCH',
    path,
    contentType: 'application/json-patch+json',
    body: JSON.stringify([operation]),
  }));
}

interface Former extends KubeObject {
  readonly revision?: number;
  readonly data?: unknown;
  readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } } };
}

function revisionOf({ revision, metadata }: Former): number {
  return revision ?? Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}
