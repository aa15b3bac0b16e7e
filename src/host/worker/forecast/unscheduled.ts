/** Why a Pod got no node, and which of its fields asked for what no node has. */
import { milliValue, value } from '../../../apimachinery/quantity/quantity.ts';
import type { Container, Node, Pod } from '../../../api/schema/types/core/v1.ts';
import type { Field, Steps } from './trouble.ts';

export interface SchedulingReason {
  /** How many nodes; undefined: all, the reason has nothing to do with single nodes. */
  readonly nodes: number | undefined;
  readonly text: string;
}

/** `0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: …`, taken apart; the most frequent first. */
export function schedulingReasons(message: string): readonly SchedulingReason[] {
  const list = /^\d+\/\d+ nodes are available: (.*?)(?:\. |\.?$)/s.exec(message)?.[1];
  if (list === undefined) return message === '' ? [] : [{ nodes: undefined, text: message }];
  return list
    .split(/, (?=\d+ )/)
    .map((entry) => {
      const [, nodes, text] = /^(\d+) (.*)$/s.exec(entry) ?? [];
      return text === undefined ? { nodes: undefined, text: entry } : { nodes: Number(nodes), text };
    })
    .toSorted((a, b) => (b.nodes ?? Infinity) - (a.nodes ?? Infinity));
}

const TAINT = 'node(s) had untolerated taint(s)';
const SELECTOR = "node(s) didn't match Pod's node affinity/selector";
/** Nodes that were not even looked at, as a daemon's Pod names its own. */
const NARROWED = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

/** Those that a person can do something about: a taint that keeps Pods off the control plane is no news, and a daemon's Pod is for one node. */
export function tellingReasons(pod: Pod, reasons: readonly SchedulingReason[]): readonly SchedulingReason[] {
  const ofDaemon = pod.metadata.ownerReferences?.some(({ kind, controller }) => kind === 'DaemonSet' && controller === true) === true;
  const others = reasons.filter(({ text }) => text !== TAINT && !(ofDaemon && (text === SELECTOR || text === NARROWED)));
  return others.length === 0 ? reasons.slice(0, 1) : others;
}

/** Where the Pod asks for it. */
export function fieldOfReason(pod: Pod, reason: string, nodes: readonly Node[]): Field {
  const resource = /^Insufficient (.+)$/.exec(reason)?.[1];
  if (resource !== undefined) return resourceField(pod, resource);
  if (reason === SELECTOR || reason === NARROWED) return nodeField(pod, nodes);
  for (const [pattern, steps] of FIELDS) if (pattern.test(reason)) return [['spec', ...steps]];
  if (reason.includes('free ports')) return portField(pod);
  if (/persistent ?volume|pvc|\bclaim\b|volume|free storage|no available disk/i.test(reason)) return volumeField(pod, reason);
  return [['spec']];
}

const FIELDS: readonly (readonly [RegExp, Steps])[] = [
  [/untolerated taint/, ['tolerations']],
  [/were unschedulable/, ['tolerations']],
  [/pod anti-affinity rules|existing pods anti-affinity/, ['affinity', 'podAntiAffinity']],
  [/pod affinity rules/, ['affinity', 'podAffinity']],
  [/topology spread/, ['topologySpreadConstraints']],
  [/requested node name/, ['nodeName']],
  [/pod affinity terms conflict/, ['affinity', 'nodeAffinity']],
  [/scheduling gates/, ['schedulingGates']],
  [/resource ?claim|device class|allocate all claims/i, ['resourceClaims']],
];

/** The container that asks for most of it; where its text has limits only, these are the requests. */
export function resourceField(pod: Pod, resource: string): Field {
  const read = resource === 'cpu' ? milliValue : value;
  const asked = (container: Container): number => read(container.resources?.requests?.[resource]);
  const lists = [
    ['containers', pod.spec?.containers ?? []],
    ['initContainers', pod.spec?.initContainers ?? []],
  ] as const;
  let most: { readonly list: string; readonly name: string; readonly amount: number } | undefined;
  for (const [list, containers] of lists)
    for (const container of containers)
      if (asked(container) > (most?.amount ?? 0)) most = { list, name: container.name, amount: asked(container) };
  if (most === undefined) return [['spec', pod.spec?.overhead?.[resource] === undefined ? 'containers' : 'runtimeClassName']];
  const at: Steps = ['spec', most.list, most.name, 'resources'];
  return [[...at, 'requests', resource], [...at, 'limits', resource], at];
}

/** The label that no node has, if it is one of the selector; else the affinity, if there is one. */
function nodeField(pod: Pod, nodes: readonly Node[]): Field {
  const selector = Object.entries(pod.spec?.nodeSelector ?? {});
  const missing = selector.find(([key, wanted]) => !nodes.some(({ metadata }) => metadata.labels?.[key] === wanted));
  if (missing !== undefined) return [['spec', 'nodeSelector', missing[0]]];
  const all = nodes.some(({ metadata }) => selector.every(([key, wanted]) => metadata.labels?.[key] === wanted));
  if (selector.length > 0 && !all) return [['spec', 'nodeSelector']];
  return [
    ['spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'],
    ['spec', 'affinity', 'nodeAffinity'],
    ['spec', 'nodeSelector'],
  ];
}

function portField(pod: Pod): Field {
  for (const { name, ports = [] } of pod.spec?.containers ?? []) {
    const index = ports.findIndex(({ hostPort }) => (hostPort ?? 0) > 0);
    if (index < 0) continue;
    const at: Steps = ['spec', 'containers', name, 'ports', index];
    return [
      [...at, 'hostPort'],
      [...at, 'containerPort'],
    ];
  }
  return [['spec', 'hostNetwork']];
}

/** The volume whose claim the reason names, else the first that has a claim. */
function volumeField(pod: Pod, reason: string): Field {
  const claim = /"([^"]+)"/.exec(reason)?.[1];
  const volumes = pod.spec?.volumes ?? [];
  const volume =
    volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined && persistentVolumeClaim.claimName === claim) ??
    volumes.find(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim !== undefined || ephemeral !== undefined);
  if (volume === undefined) return [['spec', 'volumes']];
  return [
    ['spec', 'volumes', volume.name, 'persistentVolumeClaim', 'claimName'],
    ['spec', 'volumes', volume.name],
    ...claimTemplateField(volume.name),
  ];
}

/** Of a StatefulSet, whose claims are made from templates. */
export function claimTemplateField(name: string): Field {
  return [
    ['claimTemplates', name, 'spec', 'storageClassName'],
    ['claimTemplates', name, 'metadata', 'name'],
  ];
}
