/**
 * The inside of one container: a head for all tabs, and the parts of the tab that is asked for.
 * Invariant: reads the cluster and changes nothing; what no tab shows is not worked out.
 * Counterpart: kubectl describe, exec, top and logs of one container, and what a shell on its machine could see.
 */
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { groupResource, objectKey } from '../../../apimachinery/meta/resource.ts';
import { PODS } from '../../../api/schema/resources.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Inspector } from '../../../kubelet/server/inspector.ts';
import { decodeUtf8 } from '../../../runtime/files/bytes.ts';
import { containerState, statusOfContainer } from '../../projection/treeRows.ts';
import { defaultContainer } from '../../worker/logFollowers.ts';
import type { PanelSource } from '../panels.ts';
import { filesOf } from './files.ts';
import { groupOf, Samples, startsOf } from './group.ts';
import type { ContainerModel, ContainerQuery, HeadModel, LogModel, ProcessModel, VariableModel } from './model.ts';
import { neighboursOf } from './neighbours.ts';
import { NETWORK_RESOURCES, networkOf } from './network.ts';
import type { ContainerPlace } from './place.ts';

/** Lines of a log that a panel shows. */
const LOG_LINES = 500;

export function containerSource(cluster: () => Cluster): PanelSource<ContainerQuery> {
  const samples = new Samples();
  let inspected: { readonly of: Cluster; readonly inspector: Inspector } | undefined;
  const inspector = (): Inspector => {
    const of = cluster();
    if (inspected?.of !== of) inspected = { of, inspector: inspectorOf(of) };
    return inspected.inspector;
  };
  return {
    picture: (query) => {
      const place = placeOf(cluster(), inspector(), query);
      return place === undefined ? undefined : { head: headOf(place), ...partsOf(place, samples) };
    },
    concerns: ({ ref, tab }, { resource, key }) => {
      if (resource === groupResource(PODS)) return tab === 'neighbours' || key === objectKey(ref.namespace, ref.name);
      return (tab === 'network' && NETWORK_RESOURCES.has(resource)) || (tab === 'neighbours' && resource === 'nodes');
    },
    // Variables stay as they were when the container was started.
    moves: ({ tab }) => tab !== 'environment',
  };
}

/** Nobody needs a token to look. */
export function inspectorOf(cluster: Cluster): Inspector {
  return cluster.kubelets.serve({ token: () => '', onAdvance: () => ({ dispose: () => undefined }) }).inspector;
}

/** Undefined: there is no such container. */
export function placeOf(cluster: Cluster, inspector: Inspector, query: ContainerQuery): ContainerPlace | undefined {
  const { store } = cluster.api;
  const pod = store.get('pods', objectKey(query.ref.namespace, query.ref.name)) as Pod | undefined;
  const name = pod === undefined ? '' : (query.container ?? defaultContainer(pod));
  const container = [
    ...(pod?.spec?.initContainers ?? []),
    ...(pod?.spec?.containers ?? []),
    ...(pod?.spec?.ephemeralContainers ?? []),
  ].find((each) => each.name === name);
  if (pod === undefined || container === undefined) return undefined;
  const started = inspector.find(pod, name);
  return {
    cluster,
    inspector,
    query,
    pod,
    container,
    started: typeof started === 'string' ? undefined : started,
    node: store.get('nodes', pod.spec?.nodeName ?? '') as Node | undefined,
  };
}

function headOf({ inspector, pod, container, started }: ContainerPlace): HeadModel {
  const { spec, metadata } = pod;
  const own = statusOfContainer(pod, container.name);
  const { tone, text } = containerState(own);
  const why = started === undefined ? inspector.find(pod, container.name) : '';
  return {
    container: container.name,
    containers: [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
      ({ name }) => name,
    ),
    pod: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    node: spec?.nodeName ?? '',
    image: container.image ?? '',
    tone,
    status: text,
    restarts: own?.restartCount ?? 0,
    startedAt: started?.running === true ? (started.record.startedAtMs ?? undefined) : undefined,
    nothing: typeof why === 'string' ? why : '',
  };
}

function partsOf(place: ContainerPlace, samples: Samples): Omit<ContainerModel, 'head'> {
  const { cluster, started, query } = place;
  switch (query.tab) {
    case 'overview': {
      const group = groupOf(place);
      const nowMs = cluster.simulation.now();
      return {
        group,
        samples: started?.running === true ? samples.add(started.record.id, nowMs, group) : [],
        starts: startsOf(place, nowMs),
      };
    }
    case 'files':
      return filesOf(place);
    case 'processes':
      return { processes: processesOf(place) };
    case 'environment':
      return { variables: variablesOf(place) };
    case 'network':
      return networkOf(place);
    case 'logs':
      return logOf(place);
    case 'neighbours':
      return neighboursOf(place);
  }
}

function processesOf({ inspector, pod, started }: ContainerPlace): readonly ProcessModel[] {
  if (started === undefined) return [];
  const user = inspector.user(pod, started).name;
  return inspector.processes(pod, started).map(({ args, startedAtMs, ...process }) => ({
    key: String(process.pid),
    ...process,
    user,
    command: args.join(' '),
    startedAt: startedAtMs,
  }));
}

function variablesOf({ inspector, pod, started }: ContainerPlace): readonly VariableModel[] {
  if (started === undefined) return [];
  const found = Object.entries(inspector.variables(pod, started)).map(([key, variable]) => ({ key, ...variable }));
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function logOf({ cluster, pod, container, query }: ContainerPlace): Pick<ContainerModel, 'log' | 'logNote'> {
  const { namespace = '', name = '' } = pod.metadata;
  const request = { namespace, pod: name, container: container.name, previous: query.previous };
  const entries = cluster.kubelets.readLogs(request);
  if (entries === undefined)
    return { log: [], logNote: query.previous ? 'There was no start before this one.' : 'It has not been started yet.' };
  const shown = entries.slice(-LOG_LINES);
  const counts = new Map<number, number>();
  const log = shown.map(({ atMs, text }): LogModel => {
    const count = (counts.get(atMs) ?? 0) + 1;
    counts.set(atMs, count);
    return { key: `${atMs} ${count}`, atMs, text };
  });
  if (log.length === 0) return { log, logNote: 'It has written nothing yet.' };
  return entries.length === shown.length
    ? { log }
    : { log, logNote: `${entries.length - shown.length} lines before these are in the whole log.` };
}

/** The text of a file for an editor; undefined: there is no such file. */
export function fileText(cluster: Cluster, query: ContainerQuery, path: string): string | undefined {
  const place = placeOf(cluster, inspectorOf(cluster), query);
  const read = place?.started === undefined ? undefined : place.inspector.files(place.pod, place.started).read(path);
  return read === undefined || typeof read === 'string' ? undefined : decodeUtf8(read.content);
}
