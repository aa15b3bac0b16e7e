/**
 * Sees to it that the claims of a Pod have devices which its node reaches, and that the Pod may use them.
 * Invariant: what a node was chosen for is written at the same instant; a Pod without claims costs nothing here.
 * Counterpart: plugins/dynamicresources, with the gates as 1.36 has them by default.
 */
import type { Json } from '../../../../base/json.ts';
import { compileNodeSelector, type NodeMatcher } from '../../../../api/core/node/nodeSelector.ts';
import { canBeReserved, isReservedForPod } from '../../../../api/resource/resourceclaim/podClaim.ts';
import { RESOURCECLAIMS } from '../../../../api/schema/resources.ts';
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { AllocationResult, ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import { StatusError } from '../../../../apimachinery/errors/status.ts';
import { durationNanoseconds } from '../../../../apimachinery/meta/goDuration.ts';
import { keyOf, objectKey, splitKey } from '../../../../apimachinery/meta/resource.ts';
import type { DynamicResourcesArgs } from '../../../apis/config/types.ts';
import type { BindingHandle, CycleState, Handle, Plugin, PostFilterResult, SchedulerReader } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { podRequests } from '../../resource.ts';
import type { PluginPlan } from '../../runtime/profile.ts';
import { SKIP, unresolvable, unschedulable, type Status } from '../../status.ts';
import { defaultNormalizeScore } from '../helper/normalizeScore.ts';
import { Allocator, getDeviceClass } from './allocator.ts';
import { DEVICE_INDEXES } from './allocated.ts';
import {
  BINDING_TIMEOUT_MS,
  claimsReady,
  extendedClaimWatch,
  hasBindingConditions,
  isOverdue,
  isReadyForBinding,
  releaseClaims,
  resourceClaimWatch,
  resultsOf,
  waitFor,
  writeClaims,
  type ClaimPlan,
} from './bind.ts';
import { CLAIM_EVENTS } from './events.ts';
import {
  claimFor,
  createClaim,
  deleteClaim,
  EXTENDED_RESOURCE_INDEX,
  extendedClaimOf,
  extendedRequests,
  requestsOnNode,
  type ExtendedRequest,
} from './extendedResources.ts';
import { getResourceClaim, podResourceClaims } from './podClaims.ts';
import { nameOf } from './requests.ts';

const NAME = 'DynamicResources';

interface State {
  readonly claims: readonly ResourceClaim[];
  /** Of claims that are allocated: where their devices are. */
  readonly reach: readonly (NodeMatcher | undefined)[];
  readonly toAllocate: readonly ResourceClaim[];
  /** Extended resources that are devices where a node does not offer them itself. */
  readonly extended: readonly ExtendedRequest[];
  readonly allocator: Allocator;
  /** By node: what the claims would be given there. */
  readonly allocations: Map<string, readonly AllocationResult[]>;
  /** By node: which of the extended resources are devices there. Their claim is the last of `allocations`. */
  readonly extendedOn: Map<string, readonly ExtendedRequest[]>;
  /** Allocated claims that kept the Pod off a node. */
  readonly unavailable: Set<ResourceClaim>;
}

const CANNOT_ALLOCATE = unresolvable('cannot allocate all claims');
const NOT_AVAILABLE = unresolvable('resourceclaim not available on the node');
const NO_CLAIMS = 'none';
/** The search is measured in steps, as no time passes while it goes on: about so many the real one takes. */
const STEPS_PER_SECOND = 20_000;
const MAX_STEPS = 2_000_000;

export function createDynamicResources({ bindingTimeout = '', filterTimeout = '10s' }: DynamicResourcesArgs = {}): Plugin {
  const bindingTimeoutMs = (durationNanoseconds(bindingTimeout) ?? BINDING_TIMEOUT_MS * 1e6) / 1e6;
  const filterSeconds = (durationNanoseconds(filterTimeout) ?? 0) / 1e9;
  const maxSteps = filterSeconds > 0 ? filterSeconds * STEPS_PER_SECOND : MAX_STEPS;
  return {
    name: NAME,
    weight: 2,
    indexes: [...DEVICE_INDEXES, EXTENDED_RESOURCE_INDEX],
    events: CLAIM_EVENTS,
    preEnqueue: (pod, reader) => {
      if (pod.spec?.resourceClaims === undefined) return undefined;
      const claims = podResourceClaims(reader, pod);
      return typeof claims === 'string' ? unresolvable(claims) : undefined;
    },
    preFilter: (state, pod, handle) => {
      state.set(NAME, NO_CLAIMS);
      if (pod.spec?.resourceClaims === undefined && podRequests(pod).total.scalars === undefined) return SKIP;
      const prepared = prepare(pod, handle, maxSteps);
      if ('code' in prepared) return prepared;
      state.set(NAME, prepared);
      return undefined;
    },
    filter: (cycle, pod, node, handle) => {
      const state = stateOf(cycle);
      return state === undefined ? undefined : judge(state, pod, node, handle.now(), bindingTimeoutMs);
    },
    postFilter: (cycle, pod, _filtered, handle) => giveUp(cycle, pod, handle),
    // Without claims there is nothing to prefer; the plugin still takes part with a zero.
    sameScore: (cycle) => (stateOf(cycle) === undefined ? 0 : undefined),
    score: (cycle, _pod, { name }) => {
      const state = stateOf(cycle);
      return state === undefined ? 0 : preference(state, name);
    },
    normalizeScore: (_cycle, _pod, scores) => defaultNormalizeScore(scores, false),
    preBindPreFlight: (cycle, pod, { name }) => {
      const state = stateOf(cycle);
      if (state === undefined) return undefined;
      const plan = planFor(state, name);
      if (plan.claims.length === 0 && plan.extended === null) return undefined;
      const needsConditions =
        plan.claims.some(({ allocation }, index) =>
          hasBindingConditions(allocation?.devices?.results ?? resultsOf(state.claims[index] ?? NOTHING)),
        ) || hasBindingConditions(plan.extended?.allocation.devices?.results ?? []);
      return {
        claims: [
          ...plan.claims.map(({ claim }) => resourceClaimWatch(claim)),
          ...(plan.extended === null ? [] : [extendedClaimWatch(pod.metadata.uid ?? '')]),
        ],
        plan: plan as unknown as Json,
        wait: waitFor(name, needsConditions, bindingTimeoutMs),
      };
    },
    preBind: (json, pod, _node, handle) => {
      const { claims, extended } = json as unknown as Plan;
      const status = writeClaims(claims, pod, handle);
      if (status !== undefined || extended === null) return status;
      const claim = createClaim(pod, extended.requests, handle);
      return typeof claim === 'string' ? writeClaims([{ claim, allocation: extended.allocation }], pod, handle) : claim;
    },
    preBindDone: (json, pod, _node, handle) => claimsReady(allClaims(json as unknown as Plan, pod, handle), handle, bindingTimeoutMs),
    unreserve: (json, pod, _node, handle) => {
      const plan = json as unknown as Plan;
      releaseClaims(plan.claims, pod, handle);
      if (plan.extended !== null) deleteClaim(pod, handle);
    },
  };
}

/** What is to be written for a node that was chosen. */
interface Plan {
  readonly claims: readonly ClaimPlan[];
  /** A claim that is yet to be made. */
  readonly extended: { readonly requests: readonly ExtendedRequest[]; readonly allocation: AllocationResult } | null;
}

/** The claims of a Pod as they will be once what was planned for its node is written; for those that only want to know. */
export function plannedClaims(plans: readonly PluginPlan[], pod: Pod, reader: SchedulerReader): readonly ResourceClaim[] {
  const json = plans.find(({ plugin }) => plugin === NAME)?.plan;
  if (json === undefined) return [];
  const { claims, extended } = json as unknown as Plan;
  const { name = '', uid = '' } = pod.metadata;
  const reservedFor = [{ resource: 'pods', name, uid }];
  const stored = claims.flatMap(({ claim: key, allocation }): ResourceClaim[] => {
    const { namespace, name: claimName } = splitKey(key);
    const claim = getResourceClaim(reader, namespace, claimName);
    return claim === undefined || allocation === null ? [] : [{ ...claim, status: { ...claim.status, allocation, reservedFor } }];
  });
  if (extended === null) return stored;
  const { metadata, ...made } = claimFor(pod, extended.requests);
  return [...stored, { ...made, metadata: { ...metadata, name: `${name}-extended-resources` }, status: { allocation: extended.allocation, reservedFor } }]; // prettier-ignore
}

function allClaims({ claims, extended }: Plan, pod: Pod, { reader }: Handle): readonly ClaimPlan[] {
  const name = extended === null ? undefined : extendedClaimOf(reader, pod);
  return name === undefined ? claims : [...claims, { claim: objectKey(pod.metadata.namespace, name), allocation: null }];
}

const NOTHING: ResourceClaim = { metadata: {}, spec: {} };

function stateOf(cycle: CycleState): State | undefined {
  const state = cycle.get(NAME) as State | typeof NO_CLAIMS | undefined;
  return typeof state === 'string' ? undefined : state;
}

function prepare(pod: Pod, { reader }: Handle, maxSteps: number): State | Status {
  const claims = podResourceClaims(reader, pod);
  if (typeof claims === 'string') return unresolvable(claims);
  const extended = extendedRequests(reader, pod);
  if (claims.length === 0 && extended.length === 0) return SKIP;
  const toAllocate: ResourceClaim[] = [];
  for (const claim of claims) {
    if (claim.status?.allocation !== undefined) {
      if (!canBeReserved(claim) && !isReservedForPod(pod, claim)) return unresolvable('resourceclaim in use');
      continue;
    }
    toAllocate.push(claim);
    for (const { name, exactly, firstAvailable = [] } of claim.spec.devices?.requests ?? []) {
      const classes =
        exactly === undefined ? firstAvailable.map((one) => [`${name}/${one.name}`, one] as const) : [[name, exactly] as const];
      if (classes.length === 0) return unresolvable(`resource claim ${nameOf(claim)}, request ${name}: unknown request type`);
      for (const [request, { deviceClassName }] of classes)
        if (getDeviceClass(reader, deviceClassName) === undefined)
          return unresolvable(`request ${request}: device class ${deviceClassName} does not exist`);
    }
  }
  const reach = claims.map(({ status }) => {
    const selector = status?.allocation?.nodeSelector;
    return selector === undefined ? undefined : compileNodeSelector(selector);
  });
  const allocator = new Allocator(reader, maxSteps);
  return { claims, reach, toAllocate, extended, allocator, allocations: new Map(), extendedOn: new Map(), unavailable: new Set() };
}

function judge(state: State, pod: Pod, { node, name, allocatable }: NodeInfo, nowMs: number, timeoutMs: number): Status | undefined {
  const { claims, reach, allocator, allocations, unavailable } = state;
  const extended = requestsOnNode(state.extended, allocatable);
  if (extended.length === 0 && claims.length === 0) return undefined;
  const toAllocate = extended.length === 0 ? state.toAllocate : [...state.toAllocate, claimFor(pod, extended)];
  let isUnavailable = false;
  for (const [index, claim] of claims.entries()) {
    if (claim.status?.allocation === undefined) continue;
    const matches = reach[index];
    const ready = isReadyForBinding(claim);
    const isThere = matches === undefined || matches(node);
    // What failed to be made ready, or not in time, is to be given up for other devices.
    if (isThere && typeof ready !== 'string' && (ready || !isOverdue(claim, nowMs, timeoutMs))) continue;
    isUnavailable = true;
    unavailable.add(claim);
  }
  if (toAllocate.length > 0) {
    const found = allocator.allocate(node, toAllocate);
    if (found === undefined) return CANNOT_ALLOCATE;
    if ('error' in found) return { code: found.onNode ? 'UnschedulableAndUnresolvable' : 'Error', reasons: [found.error] };
    if (!isUnavailable) {
      allocations.set(name, found);
      state.extendedOn.set(name, extended);
    }
  }
  return isUnavailable ? NOT_AVAILABLE : undefined;
}

function planFor({ claims, toAllocate, allocations, extendedOn }: State, node: string): Plan {
  const found = allocations.get(node) ?? [];
  const requests = extendedOn.get(node) ?? [];
  const allocation = requests.length === 0 ? undefined : found.at(-1);
  return {
    claims: claims.map((claim) => ({ claim: keyOf(claim), allocation: found[toAllocate.indexOf(claim)] ?? null })),
    extended: allocation === undefined ? null : { requests, allocation },
  };
}

const MAX_ALTERNATIVES = 8;

/** Of the alternatives of a request the first is worth 8, the second 7, and so on. */
function preference({ claims, toAllocate, allocations }: State, node: string): number {
  const found = allocations.get(node);
  if (found === undefined) return 0;
  let score = 0;
  for (const claim of claims) {
    const given = new Set(found[toAllocate.indexOf(claim)]?.devices?.results?.map(({ request }) => request));
    for (const { name, firstAvailable = [] } of claim.spec.devices?.requests ?? [])
      for (const [index, one] of firstAvailable.entries()) if (given.has(`${name}/${one.name}`)) score += MAX_ALTERNATIVES - index;
  }
  return score;
}

/** Devices that are on the wrong node and that nobody else uses are given up, so that others can be found. */
function giveUp(cycle: CycleState, pod: Pod, { client }: BindingHandle): PostFilterResult {
  // Without the state that PreFilter leaves, the real plugin answers that the state was not found, and no other PostFilter runs.
  if (!cycle.has(NAME)) return { status: { code: 'Error', reasons: ['not found'] } };
  const state = stateOf(cycle);
  if (state === undefined) return { status: unschedulable('no new claims to deallocate') };
  for (const { metadata, status } of state.unavailable) {
    const users = status?.reservedFor ?? [];
    if (users.length > 1 || (users.length === 1 && users[0]?.uid !== pod.metadata.uid)) continue;
    try {
      client.modify(RESOURCECLAIMS, metadata.namespace ?? '', metadata.name ?? '', (copy) => void (copy.status = {}), 'status');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return { status: { code: 'Error', reasons: [error.message] } };
    }
    return { status: unschedulable('deallocation of ResourceClaim completed') };
  }
  return { status: unschedulable('still not schedulable') };
}
