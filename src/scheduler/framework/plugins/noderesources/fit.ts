/**
 * A Pod fits where its requests are free; emptier nodes score higher (LeastAllocated). Counterpart: plugins/noderesources/fit.go.
 */
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import { jsonEqual } from '../../../../base/json.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import type { NodeResourcesFitArgs } from '../../../apis/config/types.ts';
import type { Plugin, SchedulerReader } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { takesTheSame } from '../../resizing.ts';
import { podRequests, requestsText } from '../../resource.ts';
import type { Status } from '../../status.ts';
import { classOfResource } from '../dynamicresources/extendedResources.ts';
import { placedChange } from '../helper/placedChange.ts';
import { leastAllocatedScore, scoringRequest, type ScoringRequest } from './leastAllocated.ts';
import { strategyScore } from './scoringStrategy.ts';

const PRE_SCORE = 'PreScoreNodeResourcesFit';

export function createFit({ scoringStrategy, ignoredResources = [], ignoredResourceGroups = [] }: NodeResourcesFitArgs = {}): Plugin {
  const isIgnored = (name: string): boolean =>
    ignoredResources.includes(name) || (name.includes('/') && ignoredResourceGroups.includes(name.slice(0, name.indexOf('/'))));
  const byStrategy = scoringStrategy === undefined ? undefined : strategyScore(scoringStrategy);
  return {
    name: 'NodeResourcesFit',
    weight: 1,
    events: [
      {
        resource: 'pods',
        helps: freesResources,
      },
      { resource: 'nodes', helps: (_pod, change) => offersElse(change.object as Node, change.previous as Node | undefined) },
      { resource: 'deviceclasses', helps: (pod, { type }) => type !== 'DELETED' && podRequests(pod).total.scalars !== undefined },
    ],
    sign: (pod) => requestsText(pod),
    filter: (_state, pod, node, { reader }) => insufficient(pod, node, isIgnored, reader),
    preScore: (state, pod) => {
      state.set(PRE_SCORE, scoringRequest(pod));
      return undefined;
    },
    score: (state, pod, node) => {
      const request = state.get(PRE_SCORE) as ScoringRequest;
      return byStrategy === undefined ? leastAllocatedScore(request, node) : byStrategy(request, podRequests(pod).total, node);
    },
  };
}

/**
 * Every resource of which too little is left is one reason, in the order pods, cpu, memory, ephemeral-storage, then the
 * others. A request above what the node has in all cannot be helped by removing Pods; too many Pods can.
 */
function insufficient(pod: Pod, node: NodeInfo, isIgnored: (resource: string) => boolean, reader: SchedulerReader): Status | undefined {
  const { total } = podRequests(pod);
  const { allocatable, requested } = node;
  let reasons: string[] | undefined;
  let resolvable = true;
  const check = (name: string, wanted: number, capacity: number, used: number): void => {
    if (wanted <= 0 || wanted <= capacity - used) return;
    (reasons ??= []).push(`Insufficient ${name}`);
    if (wanted > capacity) resolvable = false;
  };
  // What the node does not offer itself may be devices, which DynamicResources looks for.
  const areDevices = (name: string): boolean => (allocatable.scalars?.get(name) ?? 0) === 0 && classOfResource(reader, name) !== undefined;
  if (requested.pods + 1 > allocatable.pods) (reasons ??= []).push('Too many pods');
  check('cpu', total.milliCpu, allocatable.milliCpu, requested.milliCpu);
  check('memory', total.memoryBytes, allocatable.memoryBytes, requested.memoryBytes);
  check('ephemeral-storage', total.ephemeralStorageBytes, allocatable.ephemeralStorageBytes, requested.ephemeralStorageBytes);
  if (total.scalars !== undefined) {
    for (const [name, wanted] of total.scalars)
      if (!isIgnored(name) && !areDevices(name))
        check(name, wanted, allocatable.scalars?.get(name) ?? 0, requested.scalars?.get(name) ?? 0);
  }
  return reasons === undefined ? undefined : { code: resolvable ? 'Unschedulable' : 'UnschedulableAndUnresolvable', reasons };
}

/** A Pod that left a node, or asks for less, may make room for one that shares a resource with it. */
function freesResources(pod: Pod, change: Change): boolean {
  const [other, previous] = [change.object as Pod, change.previous as Pod | undefined];
  if (other.metadata.uid === pod.metadata.uid) return previous !== undefined && !jsonEqual(previous.spec, other.spec);
  const placed = placedChange(change);
  if (placed?.before === undefined) return false;
  const { before, after } = placed;
  if (after === undefined) return true;
  return (before.spec !== after.spec && !jsonEqual(before.spec?.containers, after.spec?.containers)) || !takesTheSame(before, after);
}

/** A new node, or one that offers something else now, is worth an attempt even if it is small (as recorded): the text counts it. */
function offersElse(node: Node, before: Node | undefined): boolean {
  return before === undefined || !jsonEqual(before.status?.allocatable, node.status?.allocatable);
}
