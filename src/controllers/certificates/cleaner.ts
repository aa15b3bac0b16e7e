/**
 * Deletes requests for certificates that are of no use any more: an hour after their decision, a day without one.
 * Counterpart: k8s.io/kubernetes/pkg/controller/certificates/cleaner.
 */
import { CERTIFICATESIGNINGREQUESTS } from '../../api/schema/resources.ts';
import type { CertificateSigningRequest } from '../../api/schema/types/certificates/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const POLL_MS = 3_600_000;
const DECIDED_MS = 3_600_000;
const PENDING_MS = 24 * 3_600_000;

export function createCertificateCleaner(context: ControllerContext): Controller {
  const { client } = context;
  return {
    for: CERTIFICATESIGNINGREQUESTS,
    reconcile: (name) => {
      const request = client.get(CERTIFICATESIGNINGREQUESTS, '', name);
      if (request === undefined) return undefined;
      if (!isOver(request, context.now())) return { requeueAfterMs: POLL_MS, background: true };
      client.delete(CERTIFICATESIGNINGREQUESTS, '', name);
      return undefined;
    },
  };
}

/** An approved request without a certificate waits for its signer, however long. */
function isOver({ metadata, status }: CertificateSigningRequest, nowMs: number): boolean {
  const { conditions = [] } = status ?? {};
  const isPast = (time: string | undefined, afterMs: number): boolean => time !== undefined && parseTime(time) + afterMs < nowMs;
  if (conditions.length === 0) return isPast(metadata.creationTimestamp, PENDING_MS);
  const isIssued = (status?.certificate ?? '') !== '';
  return conditions.some(
    ({ type, lastUpdateTime }) =>
      (type === 'Denied' || type === 'Failed' || (type === 'Approved' && isIssued)) && isPast(lastUpdateTime, DECIDED_MS),
  );
}
