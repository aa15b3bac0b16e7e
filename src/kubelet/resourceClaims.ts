/** What keeps the devices of a Pod from being prepared. Counterpart: k8s.io/kubernetes/pkg/kubelet/cm/dra. */
import { CLAIM_NOT_CREATED, isReservedForPod, podClaimName, whyNotForPod } from '../api/resource/resourceclaim/podClaim.ts';
import { RESOURCECLAIMS } from '../api/schema/resources.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import type { Kubelet } from './kubelet.ts';

/** Undefined: they are there, or the Pod has none. A driver that published a device is taken to be able to prepare it. */
export function whyNotPrepared(kubelet: Kubelet, pod: Pod): string | undefined {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  for (const podClaim of pod.spec?.resourceClaims ?? NONE) {
    const found = podClaimName(pod, podClaim);
    if (found === 'missing') return `pod "${namespace}/${name}": ${CLAIM_NOT_CREATED}`;
    if (found.name === undefined) continue;
    const claim = kubelet.get(RESOURCECLAIMS, namespace, found.name);
    if (claim === undefined) return `fetch ResourceClaim ${found.name}: resourceclaims.resource.k8s.io "${found.name}" not found`;
    const problem = found.owned ? whyNotForPod(pod, claim) : undefined;
    if (problem !== undefined) return problem;
    if (!isReservedForPod(pod, claim))
      return `pod ${name} (${uid}) is not allowed to use ResourceClaim ${found.name} (${claim.metadata.uid ?? ''})`;
  }
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName;
  if (extended !== undefined && kubelet.get(RESOURCECLAIMS, namespace, extended) === undefined)
    return `fetch ResourceClaim ${extended}: resourceclaims.resource.k8s.io "${extended}" not found`;
  return undefined;
}

const NONE: readonly never[] = [];
