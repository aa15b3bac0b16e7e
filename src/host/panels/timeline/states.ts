/**
 * What a lane says about its object at one moment: a few words and their tone.
 * Invariant: a function of the object alone. Counterpart: the STATUS and READY columns of `kubectl get`.
 */
import type { DaemonSet, Deployment, StatefulSet } from '../../../api/schema/types/apps/v1.ts';
import type { Job } from '../../../api/schema/types/batch/v1.ts';
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import { summarise } from '../../projection/podSummary.ts';
import type { Tone } from '../../protocol/view.ts';

export interface State {
  readonly tone: Tone;
  readonly text: string;
}

/** Which objects have lanes, in the order of the lanes. */
export const LANE_RESOURCES: readonly string[] = [
  'nodes',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'pods',
];

export function stateOf(resource: string, object: KubeObject): State {
  switch (resource) {
    case 'pods': {
      const { status, tone } = summarise(object as Pod);
      return { tone, text: status };
    }
    case 'nodes':
      return nodeState(object as Node);
    case 'jobs.batch':
      return jobState(object as Job);
    default: {
      const [wanted, ready] = replicasOf(resource, object);
      return { tone: ready >= wanted ? 'ok' : ready === 0 ? 'error' : 'warn', text: `${ready}/${wanted} ready` };
    }
  }
}

/** Wanted and ready; nothing of what has no replicas. */
export function replicasOf(resource: string, object: KubeObject): readonly [number, number] {
  switch (resource) {
    case 'deployments.apps':
    case 'statefulsets.apps': {
      const { spec, status } = object as Deployment | StatefulSet;
      return [spec?.replicas ?? 1, status?.readyReplicas ?? 0];
    }
    case 'daemonsets.apps': {
      const { status } = object as DaemonSet;
      return [status?.desiredNumberScheduled ?? 0, status?.numberReady ?? 0];
    }
    default:
      return [0, 0];
  }
}

function nodeState({ spec, status }: Node): State {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  if (ready !== 'True') return { tone: 'error', text: ready === undefined ? 'Not registered' : 'NotReady' };
  return spec?.unschedulable === true ? { tone: 'warn', text: 'Ready, cordoned' } : { tone: 'ok', text: 'Ready' };
}

function jobState({ status }: Job): State {
  const has = (type: string): boolean => status?.conditions?.some((each) => each.type === type && each.status === 'True') === true;
  if (has('Failed')) return { tone: 'error', text: 'Failed' };
  if (has('Complete')) return { tone: 'idle', text: 'Complete' };
  if (has('Suspended')) return { tone: 'idle', text: 'Suspended' };
  return { tone: 'busy', text: `${status?.active ?? 0} active, ${status?.succeeded ?? 0} done` };
}
