/**
 * Which requests Kubernetes' own signers sign.
 * Invariant: pure; a signer that is not named here belongs to somebody else.
 * Counterpart: k8s.io/kubernetes/pkg/apis/certificates (helpers.go), pkg/controller/certificates/signer.
 */
import type { CertificateRequest } from './request.ts';

export const KUBELET_CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client-kubelet';
const NODES_GROUP = 'system:nodes';
const NODE_PREFIX = 'system:node:';

type Rule = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  'kubernetes.io/kube-apiserver-client': (_request, usages) => usageProblem(usages, ['client auth']),
  [KUBELET_CLIENT_SIGNER]: kubeletClientProblem,
  'kubernetes.io/kubelet-serving': (request, usages) => {
    if (!isNodesGroup(request)) return ORGANIZATION_PROBLEM;
    if (request.dnsNames.length + request.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required';
    return (
      usageProblem(usages, ['server auth', 'digital signature']) ??
      namesProblem(request, ['emailAddresses', 'uris']) ??
      (request.commonName.startsWith(NODE_PREFIX) ? undefined : PREFIX_PROBLEM)
    );
  },
};

const ORGANIZATION_PROBLEM = `subject organization is not ${NODES_GROUP}`;
const PREFIX_PROBLEM = `subject common name does not begin with ${NODE_PREFIX}`;

export function isKubernetesSigner(signerName: string): boolean {
  return RULES[signerName] !== undefined;
}

/** Why the signer does not sign the request. */
export function signerProblem(signerName: string, request: CertificateRequest, usages: readonly string[]): string | undefined {
  return RULES[signerName]?.(request, usages);
}

/** Why it is not the request of a kubelet for the certificate that it shows to the API server. */
export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isNodesGroup(request)) return ORGANIZATION_PROBLEM;
  const names = namesProblem(request, ['dnsNames', 'emailAddresses', 'ipAddresses', 'uris']);
  if (names !== undefined) return names;
  if (!request.commonName.startsWith(NODE_PREFIX)) return PREFIX_PROBLEM;
  return usageProblem(usages, ['client auth', 'digital signature']);
}

function isNodesGroup({ organizations }: CertificateRequest): boolean {
  return organizations.length === 1 && organizations[0] === NODES_GROUP;
}

const NAME_TEXTS = {
  dnsNames: 'DNS subjectAltNames are not allowed',
  emailAddresses: 'Email subjectAltNames are not allowed',
  ipAddresses: 'IP subjectAltNames are not allowed',
  uris: 'URI subjectAltNames are not allowed',
} as const;

function namesProblem(request: CertificateRequest, kinds: readonly (keyof typeof NAME_TEXTS)[]): string | undefined {
  const found = kinds.find((kind) => request[kind].length > 0);
  return found === undefined ? undefined : NAME_TEXTS[found];
}

/** The required ones, and of the others at most the two of keys. */
function usageProblem(usages: readonly string[], required: readonly string[]): string | undefined {
  const allowed = [...required, 'digital signature', 'key encipherment'];
  const fits = required.every((usage) => usages.includes(usage)) && usages.every((usage) => allowed.includes(usage));
  return fits
    ? undefined
    : `usages did not match ${JSON.stringify([...new Set(allowed)].sort())
        .replaceAll(',', ' ')
        .replaceAll('"', '')}`;
}
