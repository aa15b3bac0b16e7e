/**
 * Sees to it that the claims of a Pod have devices which its node reaches, and that the Pod may use them.
 * Invariant: what a node was chosen for is written at the same instant; a Pod without claims costs nothing here.
 * Counterpart: plugins/dynamicresources, with the gates as 1.36 has them by default.
 */
import type { Json } from '../../../../base/json.ts';
import { compileNodeSelector, type NodeMatcher } from '../../../../api/core/node/nodeSelector.ts';
import { canBeReserved, isReservedForPod } from '../../../../api/resource/resourceclaim/podClaim.ts';
import { RESOURCECLAIMS } from '../../../../api/schema/resources.ts';
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { AllocationResult, ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import { StatusError } from '../../../../apimachinery/errors/status.ts';
import { durationNanoseconds } from '../../../../apimachinery/meta/goDuration.ts';
import { keyOf } from '../../../../apimachinery/meta/resource.ts';
import type { DynamicResourcesArgs } from '../../../apis/config/types.ts';
import type { BindingHandle, CycleState, Handle, Plugin, PostFilterResult } from '../../interface.ts';
import { SKIP, unresolvable, unschedulable, type Status } from '../../status.ts';
import { defaultNormalizeScore } from '../helper/normalizeScore.ts';
import { Allocator, getDeviceClass } from './allocator.ts';
import { DEVICE_INDEXES } from './allocated.ts';
import {
  BINDING_TIMEOUT_MS,
  claimsReady,
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
import { podResourceClaims } from './podClaims.ts';
import { nameOf } from './requests.ts';

const NAME = 'DynamicResources';

interface State {
  readonly claims: readonly ResourceClaim[];
  /** Of claims that are allocated: where their devices are. */
  readonly reach: readonly (NodeMatcher | undefined)[];
  readonly toAllocate: readonly ResourceClaim[];
  readonly allocator: Allocator;
  /** By node: what the claims would be given there. */
  readonly allocations: Map<string, readonly AllocationResult[]>;
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
    indexes: DEVICE_INDEXES,
    events: CLAIM_EVENTS,
    preEnqueue: (pod, reader) => {
      if (pod.spec?.resourceClaims === undefined) return undefined;
      const claims = podResourceClaims(reader, pod);
      return typeof claims === 'string' ? unresolvable(claims) : undefined;
    },
    preFilter: (state, pod, handle) => {
      state.set(NAME, NO_CLAIMS);
      if (pod.spec?.resourceClaims === undefined) return SKIP;
      const prepared = prepare(pod, handle, maxSteps);
      if ('code' in prepared) return prepared;
      state.set(NAME, prepared);
      return undefined;
    },
    filter: (cycle, _pod, { node, name }, handle) => {
      const state = stateOf(cycle);
      return state === undefined ? undefined : judge(state, node, name, handle.now(), bindingTimeoutMs);
    },
    postFilter: (cycle, pod, _filtered, handle) => giveUp(cycle, pod, handle),
    // Without claims there is nothing to prefer; the plugin still takes part with a zero.
    score: (cycle, _pod, { name }) => {
      const state = stateOf(cycle);
      return state === undefined ? 0 : preference(state, name);
    },
    normalizeScore: (_cycle, _pod, scores) => defaultNormalizeScore(scores, false),
    preBindPreFlight: (cycle, _pod, { name }) => {
      const state = stateOf(cycle);
      if (state === undefined) return undefined;
      const plans = plansFor(state, name);
      const needsConditions = plans.some(({ allocation }, index) =>
        hasBindingConditions(allocation?.devices?.results ?? resultsOf(state.claims[index] ?? NOTHING)),
      );
      return {
        claims: plans.map(({ claim }) => resourceClaimWatch(claim)),
        plan: plans as unknown as Json,
        wait: waitFor(name, needsConditions, bindingTimeoutMs),
      };
    },
    preBind: (plan, pod, _node, handle) => writeClaims(plan as unknown as readonly ClaimPlan[], pod, handle),
    preBindDone: (plan, _pod, _node, handle) => claimsReady(plan as unknown as readonly ClaimPlan[], handle, bindingTimeoutMs),
    unreserve: (plan, pod, _node, handle) => releaseClaims(plan as unknown as readonly ClaimPlan[], pod, handle),
  };
}

const NOTHING: ResourceClaim = { metadata: {}, spec: {} };

function stateOf(cycle: CycleState): State | undefined {
  const state = cycle.get(NAME) as State | typeof NO_CLAIMS | undefined;
  return typeof state === 'string' ? undefined : state;
}

function prepare(pod: Pod, { reader }: Handle, maxSteps: number): State | Status {
  const claims = podResourceClaims(reader, pod);
  if (typeof claims === 'string') return unresolvable(claims);
  if (claims.length === 0) return SKIP;
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
  return { claims, reach, toAllocate, allocator: new Allocator(reader, maxSteps), allocations: new Map(), unavailable: new Set() };
}

function judge(state: State, node: Node, name: string, nowMs: number, timeoutMs: number): Status | undefined {
  const { claims, reach, toAllocate, allocator, allocations, unavailable } = state;
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
    if (!isUnavailable) allocations.set(name, found);
  }
  return isUnavailable ? NOT_AVAILABLE : undefined;
}

function plansFor({ claims, toAllocate, allocations }: State, node: string): readonly ClaimPlan[] {
  const found = allocations.get(node) ?? [];
  return claims.map((claim) => ({ claim: keyOf(claim), allocation: found[toAllocate.indexOf(claim)] ?? null }));
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
