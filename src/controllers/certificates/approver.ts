/**
 * Approves what kubelets ask for: the certificate that they show to the API server, where roles let them have it.
 * Invariant: a request that was decided, or that is not of that form, is left to people.
 * Counterpart: k8s.io/kubernetes/pkg/controller/certificates/approver.
 */
import { parseRequest } from '../../api/certificates/request.ts';
import { KUBELET_CLIENT_SIGNER, kubeletClientProblem } from '../../api/certificates/signers.ts';
import { CERTIFICATESIGNINGREQUESTS } from '../../api/schema/resources.ts';
import type { CertificateSigningRequest } from '../../api/schema/types/certificates/v1.ts';
import { RetryError, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createCertificateApprover({ client }: ControllerContext): Controller {
  return {
    for: CERTIFICATESIGNINGREQUESTS,
    reconcile: (name) => {
      const request = client.get(CERTIFICATESIGNINGREQUESTS, '', name);
      if (request === undefined || isDecided(request)) return undefined;
      const { spec } = request;
      const parsed = parseRequest(spec.request);
      if (spec.signerName !== KUBELET_CLIENT_SIGNER || parsed === undefined) return undefined;
      if (kubeletClientProblem(parsed, spec.usages ?? []) !== undefined) return undefined;
      const kinds = [
        ...(spec.username === parsed.commonName ? [SELF] : []),
        { permission: 'nodeclient', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
      ];
      const granted = kinds.find(({ permission }) => mayAsk(request, permission));
      if (granted === undefined) {
        const asked = kinds.map(({ permission }) => permission).join(' ');
        throw new RetryError(`recognized csr "${name}" as [${asked}] but subject access review was not approved`);
      }
      client.modify(
        CERTIFICATESIGNINGREQUESTS,
        '',
        name,
        (copy) => {
          const { conditions = [] } = (copy.status ??= {});
          copy.status.conditions = [...conditions, { type: 'Approved', status: 'True', reason: 'AutoApproved', message: granted.message }];
        },
        'approval',
      );
      return undefined;
    },
  };

  function mayAsk({ spec }: CertificateSigningRequest, subresource: string): boolean {
    const user = { name: spec.username ?? '', groups: spec.groups ?? [] };
    return client.api.authorizer.mayDo(user, {
      verb: 'create',
      group: 'certificates.k8s.io',
      resource: 'certificatesigningrequests',
      subresource,
      namespace: '',
      name: '',
    });
  }
}

const SELF = {
  permission: 'selfnodeclient',
  message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
};

function isDecided({ status }: CertificateSigningRequest): boolean {
  return (status?.certificate ?? '') !== '' || status?.conditions?.some(({ type }) => type === 'Approved' || type === 'Denied') === true;
}
