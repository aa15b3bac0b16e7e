/**
 * CertificateApproval, CertificateSigning and CertificateSubjectRestriction: who decides on a request for a certificate, who
 * signs it, and which certificates nobody gets.
 * Invariant: only those are asked who change the decision or the certificate.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/certificates.
 */
import { parseRequest } from '../../../api/certificates/request.ts';
import { CERTIFICATESIGNINGREQUESTS } from '../../../api/schema/resources.ts';
import type { CertificateSigningRequest } from '../../../api/schema/types/certificates/v1.ts';
import { forbidden, type Status } from '../../../apimachinery/errors/status.ts';
import { groupResource, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { jsonEqual } from '../../../base/json.ts';
import { MASTERS } from '../../authorization/authorizer.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  validate(attributes, world) {
    const request = requestOf(attributes, 'UPDATE', 'approval');
    return request && ask(attributes, world, 'approve', request.spec.signerName);
  },
};

export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  validate(attributes, world) {
    const request = requestOf(attributes, 'UPDATE', 'status');
    if (request === undefined) return undefined;
    const { status } = request;
    const { spec, status: former } = attributes.old as CertificateSigningRequest;
    if (status?.certificate === former?.certificate && jsonEqual(status?.conditions, former?.conditions)) return undefined;
    return ask(attributes, world, 'sign', spec.signerName);
  },
};

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(attributes) {
    const request = requestOf(attributes, 'CREATE', '');
    if (request?.spec.signerName !== CLIENT_SIGNER) return undefined;
    if (parseRequest(request.spec.request)?.organizations.includes(MASTERS) !== true) return undefined;
    return refuse(attributes, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};

/** The request for a certificate that it is about; undefined if it is about something else. */
function requestOf(
  { operation, strategy, subresource, object }: AdmissionAttributes,
  wanted: AdmissionAttributes['operation'],
  part: string,
): CertificateSigningRequest | undefined {
  if (operation !== wanted || subresource !== part) return undefined;
  return groupResource(strategy.resource) === groupResource(CERTIFICATESIGNINGREQUESTS)
    ? (object as KubeObject as CertificateSigningRequest)
    : undefined;
}

/** A role names a signer, or all signers of a domain: `example.com/*`. */
function ask(attributes: AdmissionAttributes, { authorizer }: AdmissionWorld, verb: string, signerName: string): Status | undefined {
  const [domain = ''] = signerName.split('/');
  const act = { verb, group: CERTIFICATESIGNINGREQUESTS.group, resource: 'signers', subresource: '', namespace: '' };
  if ([signerName, `${domain}/*`].some((name) => authorizer.mayDo(attributes.user, { ...act, name }))) return undefined;
  return refuse(attributes, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`);
}

function refuse({ strategy, name }: AdmissionAttributes, text: string): Status {
  return forbidden(strategy.resource, name, text);
}
