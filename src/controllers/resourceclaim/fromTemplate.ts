import { draft } from '../../base/json.ts';
import { POD_CLAIM_NAME, podClaimName, whyNotForPod } from '../../api/resource/resourceclaim/podClaim.ts';
import { PODS, RESOURCECLAIMS, RESOURCECLAIMTEMPLATES } from '../../api/schema/resources.ts';
import type { Pod, PodResourceClaim } from '../../api/schema/types/core/v1.ts';
import type { ResourceClaim } from '../../api/schema/types/resource/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { newControllerRef } from '../util/controllerRef.ts';

/** Five random characters and the hyphen before them fit into 63 then. */
const MAX_BASE = 57;

/**
 * The claim that the Pod's status must be told of: one made now, or one made before that the status does not know.
 * Undefined: there is nothing to do; a text: why it cannot be made.
 */
export function claimFor({ client }: ControllerContext, pod: Pod, podClaim: PodResourceClaim): ResourceClaim | undefined | string {
  const { namespace = '', uid = '' } = pod.metadata;
  const { name: entry, resourceClaimTemplateName } = podClaim;
  const found = podClaimName(pod, podClaim);
  if (found !== 'missing') {
    if (found.name === undefined) return undefined;
    const known = client.get(RESOURCECLAIMS, namespace, found.name);
    // One that was deleted by accident, or that belongs to a former Pod, is made anew.
    if (known !== undefined && (!found.owned || whyNotForPod(pod, known) === undefined)) return undefined;
  }
  if (resourceClaimTemplateName === undefined) return undefined;
  const orphan = client.ownedBy(RESOURCECLAIMS, uid).find(({ metadata }) => metadata.annotations?.[POD_CLAIM_NAME] === entry);
  if (orphan !== undefined) return orphan;
  const template = client.get(RESOURCECLAIMTEMPLATES, namespace, resourceClaimTemplateName);
  if (template === undefined) {
    const missing = `resourceclaimtemplate.resource.k8s.io "${resourceClaimTemplateName}" not found`;
    return `resource claim template "${resourceClaimTemplateName}": ${missing}`;
  }
  const { annotations, labels } = template.spec.metadata;
  try {
    return client.create(RESOURCECLAIMS, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: {
        generateName: generatedBase(pod.metadata.name ?? '', entry),
        namespace,
        annotations: { ...annotations, [POD_CLAIM_NAME]: entry },
        ...(labels === undefined ? {} : { labels: { ...labels } }),
        ownerReferences: [draft(newControllerRef(PODS, pod))],
      },
      spec: draft(template.spec.spec),
    });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return `create ResourceClaim : ${error.message}`;
  }
}

/**
 * `POD-ENTRY-`; where that is too long, both names are cut in proportion.
 * Worked example: a Pod of 60 letters and an entry of 4: 66 characters with hyphens; 60 * 57 / 66 = 51 and 4 * 57 / 66 = 3 are left.
 */
export function generatedBase(pod: string, entry: string): string {
  const base = `${pod}-${entry}-`;
  if (base.length <= MAX_BASE) return base;
  const share = (text: string): string => text.slice(0, Math.floor((text.length * MAX_BASE) / base.length));
  return `${share(pod)}-${share(entry)}`;
}
