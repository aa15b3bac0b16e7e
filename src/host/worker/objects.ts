/**
 * The worker's answers about single objects: each is a request to the API server, its refusal an answer.
 * Counterpart: kubectl get, patch, replace, delete, describe, logs.
 */
import { failure, notFound, type Status } from '../../apimachinery/errors/status.ts';
import type { KubeObject, UnknownObject } from '../../apimachinery/meta/resource.ts';
import type { Pod, Service } from '../../api/schema/types/core/v1.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { describeObject } from '../../kubectl/describe/describe.ts';
import { table } from '../../kubectl/describe/text.ts';
import { printYaml } from '../../kubectl/printYaml.ts';
import { findResource, getObject, noMatch, pathOf, send, type Answered, type Rest, type RestRequest } from '../../kubectl/rest.ts';
import type { ResourceFact } from '../../api/generic/strategy.ts';
import { readDocument } from '../../manifest/yaml/document.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { Answer, CreateParams, DeleteParams, ListParams, LogsParams, PatchParams, ReplaceParams } from '../protocol/protocol.ts';
import type { ObjectRef } from '../protocol/view.ts';
import { defaultContainer, printLog, type LogFollowers } from './logFollowers.ts';

const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;
const MANAGER = { fieldManager: 'kubepad' } as const;

export async function getOne(rest: Rest, ref: ObjectRef): Promise<Answer<KubeObject>> {
  return getObject(rest, ref);
}

export async function list(rest: Rest, params: ListParams): Promise<Answer<readonly KubeObject[]>> {
  const resource = await findResource(rest, params.apiVersion, params.kind);
  if (resource === undefined) return refused(noMatch(params.apiVersion, params.kind));
  const query = params.labelSelector === '' ? {} : { labelSelector: params.labelSelector };
  const answer = await send(rest, { method: 'GET', path: pathOf(resource, params.namespace ?? '', ''), query });
  return answer.ok ? { ...answer, value: (answer.value['items'] ?? []) as readonly KubeObject[] } : answer;
}

export async function yamlOf(rest: Rest, ref: ObjectRef): Promise<Answer<string>> {
  const answer = await getObject(rest, ref);
  return answer.ok ? { ...answer, value: printYaml(answer.value) } : answer;
}

/** A PUT of what a person edited: the resourceVersion in the text lets the server see a change made meanwhile. */
export async function replace(rest: Rest, { ref, text }: ReplaceParams): Promise<Answer<KubeObject>> {
  const document = readDocument(text);
  const [problem] = document.syntax;
  if (problem !== undefined) return refused(failure(400, 'BadRequest', `line ${problem.range.start.line + 1}: ${problem.message}`));
  const { value } = document;
  if (!isRecord(value)) return refused(failure(400, 'BadRequest', 'the text holds no object'));
  const query = { fieldManager: 'kubectl-edit', fieldValidation: 'Strict' };
  return on(rest, ref, (resource) => ({
    method: 'PUT',
    path: pathOf(resource, ref.namespace, ref.name),
    query,
    contentType: 'application/json',
    body: JSON.stringify(value),
  }));
}

export async function create(rest: Rest, { object, namespace }: CreateParams): Promise<Answer<KubeObject>> {
  return on(rest, { apiVersion: object.apiVersion, kind: object.kind, namespace, name: '' }, (resource) => ({
    method: 'POST',
    path: pathOf(resource, namespace, ''),
    query: MANAGER,
    contentType: 'application/json',
    body: JSON.stringify(object),
  }));
}

export async function patch(rest: Rest, params: PatchParams): Promise<Answer<KubeObject>> {
  const { ref } = params;
  return on(rest, ref, (resource) => ({
    method: 'PATCH',
    path: pathOf(resource, ref.namespace, ref.name, params.subresource),
    query: MANAGER,
    contentType: PATCH_TYPES[params.type],
    body: JSON.stringify(params.patch),
  }));
}

export async function remove(rest: Rest, { ref, gracePeriodSeconds, propagationPolicy }: DeleteParams): Promise<Answer<KubeObject>> {
  return on(rest, ref, (resource) => ({
    method: 'DELETE',
    path: pathOf(resource, ref.namespace, ref.name),
    contentType: 'application/json',
    body: JSON.stringify({
      propagationPolicy: propagationPolicy ?? 'Background',
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    }),
  }));
}

/** @param nowMs virtual time, for ages @param cluster adds what its network knows */
export async function describe(
  rest: Rest,
  ref: ObjectRef,
  nowMs: number,
  cluster: Pick<Cluster, 'network'> | undefined,
): Promise<Answer<string>> {
  const answer = await getObject(rest, ref);
  if (!answer.ok) return answer;
  const isPod = ref.apiVersion === 'v1' && ref.kind === 'Pod';
  const isService = ref.apiVersion === 'v1' && ref.kind === 'Service';
  const network = cluster?.network;
  const more =
    network === undefined
      ? []
      : isPod
        ? policyLines(network.policiesOn(answer.value as unknown as Pod))
        : isService
          ? targetLines(network.balancerTargets(answer.value as unknown as Service))
          : [];
  return { ...answer, value: await describeObject(rest, answer.value, nowMs, more) };
}

/** So many nodes of a balancer are shown, those that get nothing first. */
const MAX_TARGETS = 30;

function targetLines(found: ReturnType<Cluster['network']['balancerTargets']>): readonly string[] {
  if (found.length === 0) return [];
  const ordered = [...found.filter(({ state }) => state !== 'healthy'), ...found.filter(({ state }) => state === 'healthy')];
  const rows = ordered.slice(0, MAX_TARGETS).map(({ node, state, why }) => [node, state, why]);
  return ['Load Balancer Targets:', ...table([['Node', 'State', 'Health Check'], ['----', '-----', '------------'], ...rows], 2)];
}

function policyLines(found: ReturnType<Cluster['network']['policiesOn']>): readonly string[] {
  if (found.length === 0) return [];
  const rows = found.map(({ from, to, port, allowed, text }) => [from, to, port, allowed ? 'Allowed' : 'Denied', text]);
  return ['Network Policies:', ...table([['From', 'To', 'Port', 'Result', 'Why'], ['----', '--', '----', '------', '---'], ...rows], 2)];
}

/** What the container has written; with `follow` what it writes from then on is told to the follower of that name. */
export function logs(cluster: Cluster, followers: LogFollowers, params: LogsParams): Answer<string> {
  const { ref, previous, tailLines, follow } = params;
  const { namespace, name: podName } = ref;
  const pod = cluster.api.store.get('pods', `${namespace}/${podName}`) as Pod | undefined;
  if (pod === undefined) return refused(notFound({ group: '', plural: 'pods' }, podName));
  const container = params.container ?? defaultContainer(pod);
  const log = { namespace, pod: podName, container };
  const entries = cluster.kubelets.readLogs({ ...log, previous, ...(tailLines === undefined ? {} : { tailLines }) });
  if (entries === undefined) {
    const what = previous ? 'previous terminated container' : 'container';
    const text = previous
      ? `previous terminated container "${container}" in pod "${podName}" not found`
      : `container "${container}" in pod "${podName}" is waiting to start: ${waitingReason(pod, container) || `${what} has not been started`}`;
    return refused(failure(400, 'BadRequest', text));
  }
  if (follow !== undefined) followers.follow(follow, log, entries);
  return { ok: true, value: printLog(entries), warnings: [] };
}

function waitingReason(pod: Pod, container: string): string {
  const all = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return all.find(({ name }) => name === container)?.state?.waiting?.reason ?? '';
}

async function on(rest: Rest, ref: ObjectRef, request: (resource: ResourceFact) => RestRequest): Promise<Answered<UnknownObject>> {
  const resource = await findResource(rest, ref.apiVersion, ref.kind);
  return resource === undefined ? refused(noMatch(ref.apiVersion, ref.kind)) : send(rest, request(resource));
}

function refused(status: Status): { readonly ok: false; readonly status: Status } {
  return { ok: false, status };
}
