/**
 * Tools about objects: get, describe, events, logs, delete.
 * Counterpart: kubectl get, describe, events, logs, delete.
 */
import type { Event } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { translateTimestampSince } from '../../api/duration.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { table } from '../../kubectl/describe/text.ts';
import { printYaml } from '../../kubectl/printYaml.ts';
import { findResource, pathOf, send } from '../../kubectl/rest.ts';
import { eventSource } from '../projection/filter.ts';
import type { ToolAnswer } from '../protocol/tool.ts';
import { LogFollowers } from '../worker/logFollowers.ts';
import * as objects from '../worker/objects.ts';
import { choice, count, flag, optional, text } from './input.ts';
import { kindOf, type KnownKind } from './kinds.ts';
import type { Place } from './place.ts';
import { CLUSTER, KIND, refOf, VERSION } from './shared.ts';
import { answered, defineTool, refusal } from './tool.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
/** More rows than these nobody reads. */
const MAX_ROWS = 500;
const DEFAULT_EVENTS = 50;
const NAME = text('The name of the object.');
const WITHIN = optional(text('Its namespace; default: default.'));

interface Wanted {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean | undefined;
  readonly labelSelector: string | undefined;
}

export const get = defineTool({
  name: 'get',
  title: 'Get Objects',
  description:
    'Reads objects of a simulated cluster as kubectl get does: one by its name, or all of a kind. A list comes as the table that kubectl prints, a single object as YAML, unless output says otherwise.',
  fields: {
    kind: KIND,
    apiVersion: VERSION,
    name: optional(text('One object; default: all.')),
    namespace: WITHIN,
    allNamespaces: optional(flag('Of all namespaces.')),
    labelSelector: optional(text('app=web,tier!=db')),
    output: optional(choice('table, yaml, or json.', ['table', 'yaml', 'json'])),
    limit: optional(count(`At most so many; default ${MAX_ROWS}.`, 1, 1_000_000)),
    cluster: CLUSTER,
  },
  act: async ({ clusters }, { kind, apiVersion, output, limit = MAX_ROWS, cluster, ...wanted }) => {
    const place = clusters.place(cluster);
    const known = kindOf(place.cluster, kind, apiVersion);
    const form = output ?? (wanted.name === undefined ? 'table' : 'yaml');
    const answer = await read(place, known, wanted, form === 'table' ? TABLE : undefined);
    if (!answer.ok) return refusal(answer.status);
    if (form === 'table') return tableAnswer(answer.value as unknown as Table, limit);
    const { items } = answer.value as { readonly items?: readonly KubeObject[] };
    // Items of a list do not name their kind.
    const found = items?.map((item) => ({ apiVersion: known.apiVersion, kind: known.kind, ...item })) ?? [answer.value as KubeObject];
    const all = found.slice(0, limit);
    // A program reads the data; in words it would be of no use.
    const shown = all.slice(0, MAX_ROWS);
    const more = found.length > shown.length ? `\n# ${found.length - shown.length} more` : '';
    return answered(form === 'yaml' ? shown.map((object) => printYaml(object)).join('---\n') + more : JSON.stringify(shown, undefined, 2), {
      items: all,
    });
  },
});

export const describe = defineTool({
  name: 'describe',
  title: 'Describe Object',
  description:
    'Describes one object of a simulated cluster as kubectl describe does: what it is, its state, its conditions and its events. The first thing to ask when something does not run.',
  fields: { kind: KIND, apiVersion: VERSION, name: NAME, namespace: WITHIN, cluster: CLUSTER },
  act: async ({ clusters }, { cluster, ...named }) => {
    const place = clusters.place(cluster);
    const ref = refOf(place, named);
    const answer = await objects.describe(place.rest, ref, place.cluster.simulation.now(), place.cluster);
    return answer.ok ? answered(answer.value, { ref, text: answer.value }) : refusal(answer.status);
  },
});

export const events = defineTool({
  name: 'events',
  title: 'Read Events',
  description: 'The Events of a simulated cluster, oldest first: what the scheduler, the kubelets and the controllers did and why.',
  fields: {
    namespace: optional(text('Only of this namespace; default: of all.')),
    kind: optional(text('Only about objects of this kind: Pod.')),
    name: optional(text('Only about the object of this name.')),
    limit: optional(count(`The newest so many; default ${DEFAULT_EVENTS}.`, 1, MAX_ROWS)),
    cluster: CLUSTER,
  },
  act: ({ clusters }, { namespace, kind, name, limit, cluster }) => {
    const { cluster: own } = clusters.place(cluster);
    const all = (own.api.store.list('events', namespace) as readonly Event[]).filter(
      ({ involvedObject: about }) =>
        (kind === undefined || about.kind?.toLowerCase() === kind.toLowerCase()) && (name === undefined || about.name === name),
    );
    const newest = all.toSorted((a, b) => secondOf(a) - secondOf(b) || revisionOf(a) - revisionOf(b)).slice(-(limit ?? DEFAULT_EVENTS));
    const now = own.simulation.now();
    const rows = newest.map((event) => [
      translateTimestampSince(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp, now),
      event.type ?? '',
      event.reason ?? '',
      `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''}`,
      `${event.message ?? ''}${(event.count ?? 1) > 1 ? ` (x${event.count ?? 1})` : ''}`,
    ]);
    const head = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
    const shown = rows.length === 0 ? 'No events found.' : table([head, ...rows]).join('\n');
    const left = all.length > newest.length ? `\n${all.length - newest.length} older ones are left out.` : '';
    return answered(`${shown}${left}`, { events: newest.map(eventData) });
  },
});

export const logs = defineTool({
  name: 'logs',
  title: 'Read Logs',
  description: 'What a container of a Pod of a simulated cluster has written, as kubectl logs.',
  fields: {
    pod: text('The name of the Pod.'),
    namespace: WITHIN,
    container: optional(text('Default: the first.')),
    previous: optional(flag('Of the container’s start before the newest one.')),
    tailLines: optional(count('The last so many lines.', 0, 100_000)),
    cluster: CLUSTER,
  },
  act: ({ clusters }, { pod, namespace, container, previous, tailLines, cluster }) => {
    const place = clusters.place(cluster);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: namespace ?? 'default', name: pod };
    const nobody = new LogFollowers(
      () => place.cluster,
      () => undefined,
    );
    const params = { ref, container, previous: previous === true, tailLines, follow: undefined };
    const answer = objects.logs(place.cluster, nobody, params);
    return answer.ok ? answered(answer.value === '' ? '(nothing written)' : answer.value, { text: answer.value }) : refusal(answer.status);
  },
});

export const remove = defineTool({
  name: 'delete',
  title: 'Delete Object',
  description:
    'Deletes one object of a simulated cluster as kubectl delete does; what it owns follows. A Fault that is deleted ends. Time does not go on: call run_until afterwards.',
  fields: {
    kind: KIND,
    apiVersion: VERSION,
    name: NAME,
    namespace: WITHIN,
    gracePeriodSeconds: optional(count('Instead of what the Pod says.', 0, 86_400)),
    cluster: CLUSTER,
  },
  act: async ({ clusters }, { gracePeriodSeconds, cluster, ...named }) => {
    const place = clusters.place(cluster);
    const ref = refOf(place, named);
    const answer = await objects.remove(place.rest, { ref, gracePeriodSeconds, propagationPolicy: undefined });
    return answer.ok ? answered(`${ref.kind} ${ref.name} deleted`, { ref }) : refusal(answer.status);
  },
});

async function read(place: Place, known: KnownKind, { name, namespace, allNamespaces, labelSelector }: Wanted, accept: string | undefined) {
  const resource = await findResource(place.rest, known.apiVersion, known.kind);
  const within = !known.namespaced || (allNamespaces === true && name === undefined) ? '' : (namespace ?? 'default');
  return send(place.rest, {
    method: 'GET',
    path: resource === undefined ? '/' : pathOf(resource, within, name ?? ''),
    query: labelSelector === undefined ? {} : { labelSelector },
    ...(accept === undefined ? {} : { accept }),
  });
}

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly namespace?: string } };
  }[];
}

/** With the namespace in front where rows are of several. */
function tableAnswer({ columnDefinitions, rows }: Table, limit: number): ToolAnswer {
  const wanted = columnDefinitions.flatMap(({ priority }, index) => (priority === 0 ? [index] : []));
  const namespaces = rows.map(({ object }) => object?.metadata?.namespace ?? '');
  const several = new Set(namespaces).size > 1;
  const columns = [...(several ? ['Namespace'] : []), ...wanted.map((index) => columnDefinitions[index]?.name ?? '')];
  const cells = rows
    .slice(0, limit)
    .map(({ cells: own }, row) => [...(several ? [namespaces[row] ?? ''] : []), ...wanted.map((index) => cellText(own[index]))]);
  const more = rows.length > cells.length ? [`${rows.length - cells.length} more are left out: narrow the question.`] : [];
  const shown = rows.length === 0 ? ['No resources found.'] : table([columns.map((name) => name.toUpperCase()), ...cells]);
  return answered([...shown, ...more].join('\n'), { columns, rows: cells });
}

function cellText(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '<none>';
}

/** Some parts write down microseconds and others seconds; within one, the writes are the order. */
function secondOf({ lastTimestamp, eventTime, metadata }: Event): number {
  return Math.floor(parseTime(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') / 1000);
}

function revisionOf({ metadata }: Event): number {
  return Number(metadata.resourceVersion ?? 0);
}

function eventData(event: Event): object {
  const { involvedObject: about, lastTimestamp, eventTime } = event;
  return {
    time: lastTimestamp ?? eventTime ?? '',
    type: event.type ?? '',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.count ?? 1,
    source: eventSource(event),
    about: { kind: about.kind ?? '', namespace: about.namespace ?? '', name: about.name ?? '' },
  };
}
