/**
 * Counterpart: k8s.io/kubernetes/pkg/apis/certificates/validation. The armour and the outer form of the request are
 * judged, its signature is not.
 */
import { jsonEqual } from '../../../base/json.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  type ErrorList,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { quote } from '../../../apimachinery/field/quote.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '../../schema/types/certificates/v1.ts';
import { signedStructureProblem } from '../der.ts';
import { decode, decodePem } from '../pem.ts';
import { validateSignerName } from '../signerName.ts';

export function validateRequest(request: CertificateSigningRequest): ErrorList {
  const errors: FieldError[] = [];
  const {
    request: encoded = '',
    usages = [],
    signerName = '',
    expirationSeconds,
  } = request.spec as Partial<CertificateSigningRequest['spec']>;
  const problem = requestProblem(decode(encoded) ?? '');
  if (problem !== undefined) errors.push(invalid(SPEC.child('request'), encoded, problem));
  validateUsages(errors, usages);
  if (signerName === LEGACY_SIGNER)
    errors.push(invalid(SPEC.child('signerName'), signerName, 'the legacy signerName is not allowed via this API version'));
  else validateSignerName(errors, signerName, SPEC.child('signerName'));
  if (expirationSeconds !== undefined && expirationSeconds < MIN_SECONDS) {
    const text = `may not specify a duration less than ${MIN_SECONDS} seconds (10 minutes)`;
    errors.push(invalid(SPEC.child('expirationSeconds'), expirationSeconds, text));
  }
  validateConditions(errors, request.status?.conditions ?? []);
  const certificate = certificateProblem(request.status?.certificate ?? '');
  if (certificate !== undefined) errors.push(invalid(Path.of('status', 'certificate'), '<certificate data>', certificate));
  return errors;
}

/** What an update may do beside the rest of its subresource. */
export type UpdateOf = 'request' | 'status' | 'approval';

export function validateRequestUpdate(request: CertificateSigningRequest, old: CertificateSigningRequest, what: UpdateOf): ErrorList {
  const errors: FieldError[] = [...validateRequest(request)];
  for (const type of ['Approved', 'Denied', 'Failed'])
    if (conditionsOf(request, type).length < conditionsOf(old, type).length)
      errors.push(forbidden(CONDITIONS, `updates may not remove a condition of type ${quote(type)}`));
  if (what !== 'approval') for (const type of DECISIONS) validateDecisionKept(errors, request, old, type);
  const [now, before] = [request.status?.certificate ?? '', old.status?.certificate ?? ''];
  const path = Path.of('status', 'certificate');
  if (now === before) return errors;
  if (what !== 'status') errors.push(forbidden(path, 'updates may not set certificate content'));
  else if (before !== '') errors.push(forbidden(path, 'updates may not modify existing certificate content'));
  return errors;
}

export function conditionsOf(request: CertificateSigningRequest, type: string): readonly CertificateSigningRequestCondition[] {
  return (request.status?.conditions ?? []).filter((condition) => condition.type === type);
}

export const DECISIONS = ['Approved', 'Denied'] as const;

function validateDecisionKept(
  errors: FieldError[],
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  type: string,
): void {
  const [now, before] = [conditionsOf(request, type), conditionsOf(old, type)];
  if (now.length > before.length) errors.push(forbidden(CONDITIONS, `updates may not add a condition of type ${quote(type)}`));
  else if (now.length === before.length && !jsonEqual(now, before))
    errors.push(forbidden(CONDITIONS, `updates may not modify a condition of type ${quote(type)}`));
}

function requestProblem(text: string): string | undefined {
  const [block] = decodePem(text);
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  return signedStructureProblem(block.bytes, 'certificateRequest');
}

function certificateProblem(encoded: string): string | undefined {
  if (encoded === '') return undefined;
  const blocks = decodePem(decode(encoded) ?? '');
  for (const block of blocks) {
    if (block.type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${quote(block.type)}`;
    if (block.hasHeaders) return 'no PEM block headers are permitted';
    if (block.bytes === '') return 'found CERTIFICATE PEM block containing 0 certificates';
    if (signedStructureProblem(block.bytes, 'certificate') !== undefined) return 'x509: malformed certificate';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}

function validateUsages(errors: FieldError[], usages: readonly string[]): void {
  const path = SPEC.child('usages');
  if (usages.length === 0) errors.push(required(path, ''));
  for (const [index, usage] of usages.entries()) if (!USAGES.includes(usage)) errors.push(notSupported(path.index(index), usage, USAGES));
  for (const [index, usage] of usages.entries()) if (usages.indexOf(usage) < index) errors.push(duplicate(path.index(index), usage));
}

function validateConditions(errors: FieldError[], conditions: readonly CertificateSigningRequestCondition[]): void {
  const seen = new Set<string>();
  for (const [index, { type = '', status = '' }] of conditions.entries()) {
    const path = CONDITIONS.index(index);
    if (type === '') errors.push(required(path.child('type'), ''));
    const allowed = type === 'Approved' || type === 'Denied' || type === 'Failed' ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') errors.push(required(path.child('status'), ''));
    else if (!allowed.includes(status)) errors.push(notSupported(path.child('status'), status, allowed));
    const repeated = seen.has(type);
    seen.add(type);
    if (DECISIONS.some((decision) => decision === type) && DECISIONS.every((decision) => seen.has(decision)))
      errors.push(invalid(CONDITIONS, type, 'Approved and Denied conditions are mutually exclusive'));
    if (repeated) errors.push(duplicate(path.child('type'), type));
  }
}

const SPEC = Path.of('spec');
const CONDITIONS = Path.of('status', 'conditions');
const LEGACY_SIGNER = 'kubernetes.io/legacy-unknown';
const MIN_SECONDS = 600;
const USAGES: readonly string[] = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
