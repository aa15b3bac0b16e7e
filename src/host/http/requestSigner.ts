/**
 * Signs approved requests for certificates with the server's own authority.
 * Invariant: a certificate comes into the cluster as a write from outside, like a user's, so a run that is repeated has the same one
 * and no key is part of the simulation.
 * Counterpart: k8s.io/kubernetes/pkg/controller/certificates/signer.
 */
import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { parseRequest, type CertificateRequest } from '../../api/certificates/request.ts';
import { isKubernetesSigner, signerProblem } from '../../api/certificates/signers.ts';
import { CERTIFICATESIGNINGREQUESTS } from '../../api/schema/resources.ts';
import type { CertificateSigningRequest } from '../../api/schema/types/certificates/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { Client } from '../../client/client.ts';
import { CA_NAME, distinguishedName, ECDSA_SHA256, extension, keyId, newSerial, pem, type ServerIdentity } from './certificate.ts';
import { bitString, explicit, integer, objectIdentifier, octetString, sequence, tagged, time } from './der.ts';
import { doFromOutside, type OutsideOptions } from './fromOutside.ts';

export interface SigningOptions extends OutsideOptions {
  readonly identity: ServerIdentity;
}

/** `--cluster-signing-duration`: a year. */
const DEFAULT_SECONDS = 365 * 86_400;
/** Certificates count from a little earlier, so that clocks that are behind accept them. */
const BACKDATE_MS = 300_000;

/** Signs what is approved already, and what will be. */
export function signRequests(options: SigningOptions): Disposable {
  const { api } = options.cluster;
  const user = 'system:serviceaccount:kube-system:certificate-controller';
  const groups = ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'];
  const client = new Client(api, user, groups, 'kube-controller-manager');
  return doFromOutside(options, {
    resource: CERTIFICATESIGNINGREQUESTS,
    client,
    isToBeDone: isToBeSigned,
    act: (request) => signOne(client, options.identity, api.registry.now(), request),
  });
}

function isToBeSigned({ spec, status }: CertificateSigningRequest): boolean {
  const has = (type: string): boolean => status?.conditions?.some((condition) => condition.type === type) === true;
  return has('Approved') && !has('Failed') && (status?.certificate ?? '') === '' && isKubernetesSigner(spec.signerName);
}

function signOne(client: Client, identity: ServerIdentity, nowMs: number, { metadata, spec }: CertificateSigningRequest): void {
  const request = parseRequest(spec.request);
  if (request === undefined) return;
  const problem = signerProblem(spec.signerName, request, spec.usages ?? []);
  try {
    client.modify(
      CERTIFICATESIGNINGREQUESTS,
      '',
      metadata.name ?? '',
      (copy) => {
        const status = (copy.status ??= {});
        if (problem === undefined) {
          const certificate = issue(identity, request, spec.usages ?? [], nowMs, spec.expirationSeconds ?? DEFAULT_SECONDS);
          status.certificate = Buffer.from(certificate).toString('base64');
        } else {
          const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: problem } as const;
          status.conditions = [...(status.conditions ?? []), failed];
        }
      },
      'status',
    );
  } catch (error) {
    // Somebody was faster, or it is gone.
    if (!(error instanceof StatusError)) throw error;
  }
}

/** @returns the certificate as PEM */
function issue(
  { ca, caKey }: ServerIdentity,
  request: CertificateRequest,
  usages: readonly string[],
  nowMs: number,
  seconds: number,
): string {
  const signingKey = createPrivateKey(caKey);
  const subjectKey = Buffer.from(request.publicKey, 'latin1');
  const server = usages.filter((usage) => usage in EXTENDED_USAGES).map((usage) => objectIdentifier(EXTENDED_USAGES[usage] ?? ''));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(newSerial()),
    ECDSA_SHA256,
    distinguishedName(CA_NAME),
    sequence(time(nowMs - BACKDATE_MS), time(nowMs - BACKDATE_MS + seconds * 1000)),
    Buffer.from(request.subject, 'latin1'),
    subjectKey,
    explicit(
      3,
      sequence(
        extension('2.5.29.15', keyUsage(usages), true),
        ...(server.length === 0 ? [] : [extension('2.5.29.37', sequence(...server))]),
        extension('2.5.29.19', sequence(), true),
        extension('2.5.29.35', sequence(tagged(0x80, keyId(createPublicKey(ca))))),
        ...(request.alternativeNames === undefined
          ? []
          : [sequence(objectIdentifier('2.5.29.17'), octetString(Buffer.from(request.alternativeNames, 'latin1')))]),
      ),
    ),
  );
  return pem(sequence(body, ECDSA_SHA256, bitString(sign('sha256', body, signingKey))));
}

const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
};

/** Bit 0: digital signature, bit 2: key encipherment. */
function keyUsage(usages: readonly string[]): Buffer {
  const signs = usages.includes('digital signature') ? 0x80 : 0;
  const enciphers = usages.includes('key encipherment') ? 0x20 : 0;
  return bitString(Buffer.from([signs | enciphers]), enciphers === 0 ? 7 : 5);
}
