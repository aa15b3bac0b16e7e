import { CLAIM_NOT_CREATED, podClaimName, whyNotForPod } from '../../../../api/resource/resourceclaim/podClaim.ts';
import { RESOURCECLAIMS } from '../../../../api/schema/resources.ts';
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import { groupResource, objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { SchedulerReader } from '../../interface.ts';

const CLAIMS = groupResource(RESOURCECLAIMS);

export function getResourceClaim(reader: SchedulerReader, namespace: string, name: string): ResourceClaim | undefined {
  return reader.get(CLAIMS, namespace, name) as ResourceClaim | undefined;
}

/** The claims of a Pod in the order of its spec, or the text that says why the Pod has to wait for one of them. */
export function podResourceClaims(reader: SchedulerReader, pod: Pod): readonly ResourceClaim[] | string {
  const { namespace = '', name: podName = '' } = pod.metadata;
  const claims: ResourceClaim[] = [];
  for (const podClaim of pod.spec?.resourceClaims ?? NONE) {
    const found = podClaimName(pod, podClaim);
    if (found === 'missing') return `pod "${namespace}/${podName}": ${CLAIM_NOT_CREATED}`;
    const { name, owned } = found;
    if (name === undefined) continue;
    const claim = getResourceClaim(reader, namespace, name);
    if (claim === undefined) return `could not find ResourceClaim "${objectKey(namespace, name)}"`;
    if (claim.metadata.deletionTimestamp !== undefined) return `resourceclaim "${name}" is being deleted`;
    const problem = owned ? whyNotForPod(pod, claim) : undefined;
    if (problem !== undefined) return problem;
    claims.push(claim);
  }
  return claims;
}

const NONE: readonly never[] = [];
