import type { Draft } from '../../base/json.ts';
import type { Container, Pod, PodSpec, PodStatus, ResourceRequirements } from '../../api/schema/types/core/v1.ts';
import { aggregateContainerLimits, aggregateContainerRequests, podRequests, type ResourceList } from '../../api/core/pod/effective.ts';
import { isSidecar } from '../lifecycle/resources.ts';
import { actualResources } from '../resize.ts';
import type { PodState } from '../state.ts';

type PodResources = Pick<Draft<PodStatus>, 'allocatedResources' | 'resources'>;

/** Most Pods of a test cluster ask for nothing. */
const NOTHING: PodResources = { resources: {} };

/**
 * What the node has set aside for the Pod as a whole, and what the Pod's control group allows.
 * Worked example: a requests 100m, b requests 50m and has a limit of 200m: 150m are set aside, and there is no limit, as a has none.
 * Counterpart: `allocatedResources` and `resources` of PodStatus as recorded (kubelet corpus, group resize).
 */
export function podResources(pod: Pod, state: PodState, stored: PodStatus): PodResources {
  const { spec } = pod;
  if (spec === undefined || !asks(spec)) return NOTHING;
  const [only, ...others] = spec.containers ?? [];
  const isSingle = others.length === 0 && (spec.initContainers ?? []).length === 0 && spec.resources === undefined && !spec.overhead;
  const isSettled = state.deferredResize === null && state.resizing === null;
  const actual = isSettled ? spec : withResources(spec, (container) => actualResources(state, container.name));
  const allocated = state.deferredResize === null ? spec : actual;
  const requests = isSingle ? (actual.containers[0]?.resources?.requests ?? {}) : requestsOf(actual);
  const limits = isSingle ? (actual.containers[0]?.resources?.limits ?? {}) : limitsOf(actual);
  const aside = isSingle && allocated === spec ? (only?.resources?.requests ?? {}) : podRequests(allocated);
  // No control group says what was asked for of memory: the status goes on saying what it said first.
  const memory = stored.resources?.requests?.['memory'];
  const kept =
    memory === undefined || requests['memory'] === undefined || requests['memory'] === memory ? requests : { ...requests, memory };
  return {
    ...(isEmpty(aside) ? {} : { allocatedResources: aside }),
    resources: { ...(isEmpty(limits) ? {} : { limits }), ...(isEmpty(kept) ? {} : { requests: kept }) },
  };
}

function asks({ containers = [], initContainers = [], resources, overhead }: PodSpec): boolean {
  return overhead !== undefined || resources !== undefined || containers.some(asksItself) || initContainers.some(asksItself);
}

function asksItself({ resources }: Container): boolean {
  return resources?.requests !== undefined || resources?.limits !== undefined;
}

function withResources(spec: PodSpec, of: (container: Container) => ResourceRequirements | undefined): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map((container) => {
      const resources = of(container);
      return resources === undefined ? container : { ...container, resources };
    }),
  };
}

function requestsOf(spec: PodSpec): ResourceList {
  return { ...aggregateContainerRequests(spec), ...spec.resources?.requests };
}

/** CPU and memory of the whole are bounded only if those of every part that goes on running are. */
function limitsOf(spec: PodSpec): ResourceList {
  const parts = [...(spec.containers ?? []), ...(spec.initContainers ?? []).filter(isSidecar)];
  const sums = Object.entries(aggregateContainerLimits(spec)).filter(
    ([name]) => (name !== 'cpu' && name !== 'memory') || parts.every(({ resources }) => resources?.limits?.[name] !== undefined),
  );
  return { ...Object.fromEntries(sums), ...spec.resources?.limits };
}

function isEmpty(list: ResourceList): boolean {
  for (const _name in list) return false;
  return true;
}
