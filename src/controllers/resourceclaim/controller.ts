/**
 * Makes the claims that Pods want from templates, reserves allocated claims for Pods that no scheduler placed, and gives devices up
 * that nobody uses any more.
 * Invariant: a claim made for a Pod is recorded in the Pod's status; one that lost its last user loses its devices, too.
 * Counterpart: k8s.io/kubernetes/pkg/controller/resourceclaim.
 */
import { PODS, RESOURCECLAIMS } from '../../api/schema/resources.ts';
import {
  canBeReserved,
  isPodDone,
  isReservedForPod,
  podClaimName,
  resourceClaimKeys,
  whyNotForPod,
} from '../../api/resource/resourceclaim/podClaim.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import { RetryError, watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { syncClaim } from './claim.ts';
import { claimFor } from './fromTemplate.ts';
import { PODS_OF_CLAIM } from './indexes.ts';

const POD = 'pod:';
const CLAIM = 'claim:';

export function createResourceClaimController(context: ControllerContext): Controller {
  const { client } = context;
  return {
    watches: [
      watch(PODS, (pod, previous, deleted) => {
        if (pod.spec?.resourceClaims === undefined && pod.status?.extendedResourceClaimStatus === undefined) return NO_KEYS;
        const keys = deleted || isPodDone(pod) ? resourceClaimKeys(pod).map((key) => CLAIM + key) : [];
        // Most changes of a Pod are none for its claims.
        const isSame = previous !== undefined && previous.spec === pod.spec && sameClaims(previous, pod);
        return deleted || isSame || !needsWork(context, pod) ? keys : [...keys, POD + keyOf(pod)];
      }),
      watch(RESOURCECLAIMS, (claim, _previous, deleted) => {
        const pods = client.byIndex(PODS, PODS_OF_CLAIM, keyOf(claim)).filter((pod) => needsWork(context, pod));
        return [...(deleted ? [] : [CLAIM + keyOf(claim)]), ...pods.map((pod) => POD + keyOf(pod))];
      }),
    ],
    reconcile: (key) => {
      if (key.startsWith(POD)) syncPod(context, key.slice(POD.length));
      else syncClaim(context, key.slice(CLAIM.length));
      return undefined;
    },
  };
}

const NO_KEYS: readonly string[] = [];

function sameClaims({ status: before }: Pod, { status: after }: Pod): boolean {
  return before?.resourceClaimStatuses === after?.resourceClaimStatuses;
}

/** Whether a claim is to be made for the Pod, or reserved although no scheduler did. */
function needsWork({ client }: ControllerContext, pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || isPodDone(pod)) return false;
  const { namespace = '' } = pod.metadata;
  for (const podClaim of pod.spec?.resourceClaims ?? []) {
    const found = podClaimName(pod, podClaim);
    if (found === 'missing') return true;
    if (found.name === undefined) return false;
    const claim = client.get(RESOURCECLAIMS, namespace, found.name);
    // One that the user names is the user's to make.
    if (claim === undefined) return podClaim.resourceClaimTemplateName !== undefined;
    if (found.owned && whyNotForPod(pod, claim) !== undefined) return false;
    if ((pod.spec?.nodeName ?? '') === '') continue;
    if (claim.status?.allocation !== undefined && !isReservedForPod(pod, claim) && canBeReserved(claim)) return true;
  }
  return false;
}

function syncPod(context: ControllerContext, key: string): void {
  const { client, events } = context;
  const { namespace, name } = splitKey(key);
  const pod = client.get(PODS, namespace, name);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const made = new Map<string, string>();
  for (const podClaim of pod.spec?.resourceClaims ?? []) {
    const claim = claimFor(context, pod, podClaim);
    if (typeof claim === 'string') {
      events.event(objectReference(PODS, pod), 'Warning', 'FailedResourceClaimCreation', `PodResourceClaim ${podClaim.name}: ${claim}`);
      throw new RetryError(claim);
    }
    if (claim !== undefined) made.set(podClaim.name, claim.metadata.name ?? '');
  }
  const current = made.size === 0 ? pod : recordClaims(context, pod, made);
  // The scheduler reserves for those that it places.
  if ((current.spec?.nodeName ?? '') !== '') reserve(context, current);
}

function recordClaims({ client }: ControllerContext, pod: Pod, made: ReadonlyMap<string, string>): Pod {
  const { namespace = '', name = '' } = pod.metadata;
  const names = new Set([...(pod.status?.resourceClaimStatuses ?? []).map((one) => one.name), ...made.keys()]);
  const before = new Map((pod.status?.resourceClaimStatuses ?? []).map((one) => [one.name, one.resourceClaimName]));
  const statuses = [...names].map((each) => {
    const claimName = made.get(each) ?? before.get(each);
    return { name: each, ...(claimName === undefined ? {} : { resourceClaimName: claimName }) };
  });
  const change = (copy: { status?: { resourceClaimStatuses?: { name: string; resourceClaimName?: string }[] } }): void =>
    void ((copy.status ??= {}).resourceClaimStatuses = statuses);
  return client.modify(PODS, namespace, name, change, 'status') ?? pod;
}

function reserve({ client }: ControllerContext, pod: Pod): void {
  const { namespace = '', name: podName = '', uid = '' } = pod.metadata;
  for (const podClaim of pod.spec?.resourceClaims ?? []) {
    const found = podClaimName(pod, podClaim);
    if (found === 'missing' || found.name === undefined) continue;
    const claim = client.get(RESOURCECLAIMS, namespace, found.name);
    if (claim === undefined) return;
    const problem = found.owned ? whyNotForPod(pod, claim) : undefined;
    if (problem !== undefined) throw new RetryError(problem);
    if (claim.status?.allocation === undefined || isReservedForPod(pod, claim) || !canBeReserved(claim)) continue;
    try {
      client.modify(
        RESOURCECLAIMS,
        namespace,
        found.name,
        ({ status }) => void (status !== undefined && (status.reservedFor ??= []).push({ resource: 'pods', name: podName, uid })),
        'status',
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw new RetryError(error.message);
    }
  }
}
