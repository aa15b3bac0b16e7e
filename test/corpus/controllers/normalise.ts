/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// Makes what a cluster shows comparable with what the real one showed: generated names, addresses and times become marks.
import { cloneJson } from '../../../src/base/json.ts';
import type { Case, Obj } from './case.ts';

const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+( m=\S+)?/g;
const IP = /\b(10|192\.168)(\.\d{1,3}){2,3}\b(?!\/)/g;
const RANDOM = /-[bcdfghjklmnpqrstvwxz2456789]{5}(?![A-Za-z0-9-])/g;
export const AGE = /\b\d+(\.\d+)?(ms|s|m\d+(\.\d+)?s)\b/g;

const DROPPED_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
]);

/** JSON with sorted keys: equal content is equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Remembers generated names of one case. */
export class Norm {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly seen = new Set<string>();

  learn(objects: readonly Obj[]): void {
    const revision = (object: Obj): number =>
      Number(object['metadata'].annotations?.['deployment.kubernetes.io/revision'] ?? object['revision'] ?? 0);
    const fresh = objects
      .filter((object) => !this.seen.has(object['metadata'].uid))
      .toSorted(
        (a, b) =>
          compareText(a['metadata'].creationTimestamp ?? '', b['metadata'].creationTimestamp ?? '') ||
          revision(a) - revision(b) ||
          Number(a['metadata'].resourceVersion) - Number(b['metadata'].resourceVersion),
      );
    for (const object of fresh) {
      this.seen.add(object['metadata'].uid);
      const owner = (object['metadata'].ownerReferences ?? []).find((reference: Obj) => reference['controller'] === true);
      if (owner === undefined) continue;
      const name: string = object['metadata'].name;
      if (!name.startsWith(`${owner.name}-`)) continue;
      const rest = name.slice(owner.name.length + 1);
      if (object['kind'] === 'ReplicaSet' && rest.length > 4) this.number('h', owner.name, rest);
      else if (object['kind'] === 'ControllerRevision') this.number('r', owner.name, rest);
      else if (object['kind'] === 'Job' && /^\d{8}$/.test(rest)) this.names.set(rest, '<t>');
    }
  }

  text(text: string): string {
    let result = text;
    for (const [name, mark] of [...this.names].toSorted(([a], [b]) => b.length - a.length)) {
      if (result.includes(name)) result = result.replaceAll(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, 'g'), mark);
    }
    return result.replaceAll(UID, '<uid>').replaceAll(TIME, '<time>').replaceAll(RANDOM, '-<rand>').replaceAll(IP, '<ip>');
  }

  deep(value: any): any {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.deep(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.deep(item)]));
  }

  private number(letter: string, owner: string, name: string): void {
    if (this.names.has(name)) return;
    const count = (this.counts.get(letter + owner) ?? 0) + 1;
    this.counts.set(letter + owner, count);
    this.names.set(name, `<${letter}${count}>`);
  }
}

/** Equal items become one with their number in `x`. */
export function multiset(items: readonly any[]): any[] {
  const counts = new Map<string, { item: any; x: number }>();
  for (const item of items) {
    const key = canonical(item);
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { item, x: 1 });
    else entry.x++;
  }
  return [...counts].toSorted(([a], [b]) => compareText(a, b)).map(([, { item, x }]) => (x > 1 ? { x, ...item } : item));
}

/** Without empty values. */
export function clean(value: any): any {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, clean(item)] as const)
    .filter(([, item]) => {
      if (item === null || item === undefined || item === '') return false;
      if (Array.isArray(item)) return item.length > 0;
      return typeof item !== 'object' || Object.keys(item).length > 0;
    });
  return Object.fromEntries(entries);
}

function conditions(list: readonly Obj[] | undefined, keep?: readonly string[]): Obj[] {
  return (list ?? [])
    .filter((condition) => keep === undefined || keep.includes(condition['type']))
    .map((condition) =>
      Object.fromEntries(['type', 'status', 'reason', 'message'].filter((key) => condition[key]).map((key) => [key, condition[key]])),
    )
    .toSorted((a, b) => compareText(a['type'], b['type']));
}

export interface Reduction {
  readonly test: Case;
  readonly norm: Norm;
  readonly recordNode: boolean;
  readonly manual: boolean;
}

/** An object as a checkpoint holds it. */
export function reduce(stored: Obj, { test, norm, recordNode, manual }: Reduction): any {
  const object: Obj = cloneJson(stored);
  const meta = object['metadata'];
  const kind: string = object['kind'];
  const annotations: Obj = Object.fromEntries(Object.entries(meta.annotations ?? {}).filter(([key]) => !DROPPED_ANNOTATIONS.has(key)));
  const labels: Obj = { ...meta.labels };
  if (kind === 'Pod') for (const key of ['kubepad.dev/puppet', 'kwok.x-k8s.io/node']) delete annotations[key];
  const md: Obj = {
    name: meta.name,
    labels,
    annotations,
    finalizers: [...(meta.finalizers ?? [])].toSorted(compareText),
    ownerReferences: (meta.ownerReferences ?? []).map((reference: Obj) =>
      pickDefined(reference, ['kind', 'name', 'controller', 'blockOwnerDeletion']),
    ),
  };
  if (meta.deletionTimestamp) md['deleting'] = true;
  if (meta.generation && kind !== 'Pod' && kind !== 'EndpointSlice') md['generation'] = meta.generation;
  const spec: Obj = object['spec'] ?? {};
  const status: Obj = object['status'] ?? {};
  let out: Obj = { metadata: md };
  if (kind === 'Pod') Object.assign(out, reducePod(spec, status, recordNode, manual));
  else if (kind === 'Node') Object.assign(out, reduceNode(md, labels, annotations, spec, status));
  else if (kind === 'Endpoints') out['subsets'] = reduceSubsets(object['subsets'] ?? [], norm, recordNode);
  else if (kind === 'EndpointSlice') {
    out['addressType'] = object['addressType'];
    out['ports'] = sortByText(object['ports'] ?? []);
    out['endpoints'] = multiset((object['endpoints'] ?? []).map((endpoint: Obj) => norm.deep(clean(reduceEndpoint(endpoint, recordNode)))));
  } else if (kind === 'ControllerRevision') out['revision'] = object['revision'];
  else if (kind === 'ConfigMap' || kind === 'Secret') {
    const data = Object.entries(object['data'] ?? {});
    out['data'] = Object.fromEntries(data.map(([key, value]) => [key, key === 'ca.crt' || kind === 'Secret' ? '<data>' : value]));
    if (kind === 'Secret') out['type'] = object['type'];
  } else if (kind === 'ClusterRole' || kind === 'Role')
    Object.assign(out, { rules: object['rules'], aggregationRule: object['aggregationRule'] });
  else if (kind !== 'StorageClass') {
    reduceOther(spec, status);
    Object.assign(out, { spec, status });
    if (kind === 'ServiceAccount') out = { metadata: md };
  }
  void test;
  return norm.deep(clean(out));
}

function reducePod(spec: Obj, status: Obj, recordNode: boolean, manual: boolean): Obj {
  const kept: Obj = pickDefined(spec, [
    'restartPolicy',
    'hostname',
    'subdomain',
    'schedulingGates',
    'activeDeadlineSeconds',
    'nodeSelector',
    'priority',
    'affinity',
  ]);
  if (!kept['priority']) delete kept['priority'];
  kept['tolerations'] = sortByText(
    (spec['tolerations'] ?? []).filter(
      (toleration: Obj) => !(toleration['tolerationSeconds'] === 300 && (toleration['key'] ?? '').startsWith('node.kubernetes.io/')),
    ),
  );
  if (!recordNode && kept['affinity'])
    kept['affinity'] = JSON.parse(JSON.stringify(kept['affinity']).replaceAll(/"node-\d+"/g, '"<node>"'));
  kept['volumes'] = (spec['volumes'] ?? []).filter((volume: Obj) => 'persistentVolumeClaim' in volume || 'ephemeral' in volume);
  for (const volume of kept['volumes']) delete volume.ephemeral;
  if (recordNode) kept['nodeName'] = spec['nodeName'];
  const state: Obj = pickDefined(status, ['phase', 'reason', 'message']);
  state['conditions'] = conditions(status['conditions'], manual ? undefined : ['Ready', 'PodScheduled', 'DisruptionTarget']);
  if (!manual) {
    for (const condition of state['conditions']) {
      if (condition.type !== 'Ready') continue;
      delete condition.reason;
      delete condition.message;
    }
  } else {
    state['containers'] = (status['containerStatuses'] ?? []).map((container: Obj) => ({
      name: container['name'],
      ready: container['ready'],
      state: Object.fromEntries(
        Object.entries(container['state'] ?? {}).map(([key, value]) => {
          const kept2 = pickDefined((value ?? {}) as Obj, ['reason', 'exitCode']);
          return [key, Object.keys(kept2).length === 0 ? true : kept2];
        }),
      ),
    }));
  }
  return { spec: kept, status: state };
}

function reduceNode(md: Obj, labels: Obj, annotations: Obj, spec: Obj, status: Obj): Obj {
  const manual = annotations['kubepad.dev/kubelet'] === 'manual';
  md['labels'] = Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('kubernetes.io/')));
  md['annotations'] = Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith('kubepad.dev') && !key.includes('kwok')),
  );
  const kept: Obj = pickDefined(spec, ['taints', 'unschedulable', 'podCIDR', 'podCIDRs']);
  for (const key of ['podCIDR', 'podCIDRs']) if (kept[key]) kept[key] = '<cidr>';
  kept['taints'] = sortByText(
    (spec['taints'] ?? []).map((taint: Obj) =>
      Object.fromEntries(['key', 'value', 'effect'].filter((key) => taint[key]).map((key) => [key, taint[key]])),
    ),
  );
  let list = conditions(status['conditions'], manual ? undefined : ['Ready']);
  if (!manual) list = list.map((condition) => ({ type: condition['type'], status: condition['status'] }));
  return { spec: kept, status: { conditions: list } };
}

function reduceSubsets(subsets: readonly Obj[], norm: Norm, recordNode: boolean): Obj[] {
  for (const subset of subsets) {
    for (const key of ['addresses', 'notReadyAddresses']) {
      if (subset[key] === undefined) continue;
      const mapped = subset[key].map((address: Obj) => ({
        ip: '<ip>',
        hostname: address['hostname'] ?? null,
        target: address['targetRef'] === undefined ? null : norm.text(address['targetRef'].name),
        node: recordNode ? (address['nodeName'] ?? null) : null,
      }));
      subset[key] = multiset(mapped);
    }
    subset['ports'] = sortByText(subset['ports'] ?? []);
  }
  return subsets.toSorted((a, b) => compareText(canonical(a), canonical(b)));
}

function reduceEndpoint(endpoint: Obj, recordNode: boolean): Obj {
  return {
    addresses: (endpoint['addresses'] ?? []).length,
    conditions: endpoint['conditions'],
    hostname: endpoint['hostname'],
    target: endpoint['targetRef']?.name,
    node: recordNode ? endpoint['nodeName'] : null,
    zone: recordNode ? endpoint['zone'] : null,
  };
}

function reduceOther(spec: Obj, status: Obj): void {
  delete spec['template'];
  if ('jobTemplate' in spec) spec['jobTemplate'] = '...';
  for (const key of ['clusterIP', 'clusterIPs']) {
    const value = spec[key];
    if (value !== undefined && value !== 'None' && !(Array.isArray(value) && value.length === 1 && value[0] === 'None')) delete spec[key];
  }
  for (const port of spec['ports'] ?? []) if (port.nodePort) port.nodePort = '<port>';
  if ('healthCheckNodePort' in spec) spec['healthCheckNodePort'] = '<port>';
  if (spec['claimRef']?.uid) spec['claimRef'] = pickDefined(spec['claimRef'], ['kind', 'name', 'namespace']);
  if ('volumeClaimTemplates' in spec)
    spec['volumeClaimTemplates'] = spec['volumeClaimTemplates'].map((claim: Obj) => claim['metadata'].name);
  if ('conditions' in status) status['conditions'] = conditions(status['conditions']);
  for (const key of [
    'startTime',
    'completionTime',
    'lastScheduleTime',
    'lastSuccessfulTime',
    'lastScaleTime',
    'lastPhaseTransitionTime',
    'disruptedPods',
  ]) {
    if (!(key in status)) continue;
    const value = status[key];
    const isEmpty = value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
    status[key] = isEmpty ? null : 'set';
  }
  if ('uncountedTerminatedPods' in status) {
    status['uncountedTerminatedPods'] = Object.fromEntries(
      Object.entries(status['uncountedTerminatedPods']).map(([key, value]) => [key, (value as unknown[]).length]),
    );
  }
  if (Array.isArray(status['active'])) status['active'] = status['active'].map((reference: Obj) => reference['name']);
}

function pickDefined(source: Obj, keys: readonly string[]): Obj {
  return Object.fromEntries(keys.filter((key) => source[key] !== undefined && source[key] !== null).map((key) => [key, source[key]]));
}

function sortByText(items: readonly any[]): any[] {
  return [...items].toSorted((a, b) => compareText(canonical(a), canonical(b)));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
