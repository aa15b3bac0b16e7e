/**
 * CertificateSigningRequests: somebody would like a certificate.
 * Invariant: who asked is written down by the server; the spec never changes, and a decision is never taken back.
 * Counterpart: k8s.io/kubernetes/pkg/registry/certificates/certificates.
 */
import { draft, jsonEqual, type Draft } from '../../../base/json.ts';
import { CERTIFICATESIGNINGREQUESTS } from '../../schema/resources.ts';
import type { CertificateSigningRequest, CertificateSigningRequestStatus } from '../../schema/types/certificates/v1.ts';
import type { Preparation, Strategy } from '../../strategy.ts';
import { CERTIFICATESIGNINGREQUEST_TABLE } from './columns.ts';
import { conditionsOf, DECISIONS, validateRequest, validateRequestUpdate } from './validation.ts';

export const CERTIFICATESIGNINGREQUEST_STRATEGY: Strategy<CertificateSigningRequest> = {
  resource: CERTIFICATESIGNINGREQUESTS,
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  // Any name that fits into a URL.
  validateName: () => [],
  prepareForCreate(request, { user }) {
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec ?? {};
    request.spec = {
      ...spec,
      ...(user.name === '' ? {} : { username: user.name }),
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      ...(user.groups.length === 0 ? {} : { groups: [...user.groups] }),
    };
    request.status = {};
  },
  prepareForUpdate: keepSpec,
  validate: validateRequest,
  validateUpdate: (request, old) => validateRequestUpdate(request, old, 'request'),
  status: {
    prepareForUpdate(request, old, preparation) {
      keepSpec(request, old);
      for (const type of DECISIONS) keepDecision(request, old, type);
      fillTimes(request, old, preparation);
    },
    validateUpdate: (request, old) => validateRequestUpdate(request, old, 'status'),
  },
  subresources: {
    approval: {
      // Nothing but the conditions is taken from what was sent.
      prepareForUpdate(request, old, preparation) {
        keepSpec(request, old);
        fillTimes(request, old, preparation);
        const { conditions } = request.status ?? {};
        const { conditions: _before, ...status } = draft(old.status ?? ({} as CertificateSigningRequestStatus));
        request.status = conditions === undefined ? status : { ...status, conditions };
      },
      validateUpdate: (request, old) => validateRequestUpdate(request, old, 'approval'),
    },
  },
  defaultPropagation: 'Background',
  table: CERTIFICATESIGNINGREQUEST_TABLE,
};

function keepSpec(request: Draft<CertificateSigningRequest>, old: CertificateSigningRequest): void {
  request.spec = draft(old.spec);
}

/** As long as their number is the same, what was decided stays as it was, whatever was sent. */
function keepDecision(request: Draft<CertificateSigningRequest>, old: CertificateSigningRequest, type: string): void {
  const before = conditionsOf(old, type);
  const now = conditionsOf(request, type);
  if (now.length !== before.length || jsonEqual(now, before)) return;
  let next = 0;
  const conditions = (request.status?.conditions ?? []).map((condition) =>
    condition.type === type ? draft(before[next++] ?? condition) : condition,
  );
  request.status = { ...request.status, conditions };
}

function fillTimes(request: Draft<CertificateSigningRequest>, old: CertificateSigningRequest, { now }: Preparation): void {
  for (const condition of request.status?.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    const same = conditionsOf(old, condition.type).find(({ status }) => status === condition.status);
    condition.lastTransitionTime ??= same?.lastTransitionTime ?? now;
  }
}
