/**
 * What a certificate says: which names it is for, and who vouches for it. Signatures and dates are not looked at.
 * Invariant: pure; what cannot be read is absent, it never throws. Counterpart: Go's crypto/x509.Certificate.
 */
import { contentOf, partsOf, readHeader, signedStructureProblem } from './der.ts';
import { decode, decodePem } from './pem.ts';
import { ALTERNATIVE_NAMES, COMMON_NAME, DNS, extensionOf, namesOf } from './request.ts';

export interface Certificate {
  /** Alternative names; where there are none, the common name. `*.example.com` stands for one label. */
  readonly names: readonly string[];
  /** The issuer's common name. */
  readonly issuer: string;
  /** Its subject is its issuer. */
  readonly isSelfSigned: boolean;
}

/** Of what is context-specific in a certificate: the version, which may be absent, and the extensions. */
const CONTEXT = 2;
const VERSION = 0;
const EXTENSIONS = 3;

/** @param encoded PEM in base64, as a Secret has it: the first certificate counts */
export function parseCertificate(encoded: string): Certificate | undefined {
  const block = decodePem(decode(encoded) ?? '').find(({ type }) => type === 'CERTIFICATE');
  if (block === undefined || signedStructureProblem(block.bytes, 'certificate') !== undefined) return undefined;
  const { bytes } = block;
  const [signed] = partsOf(bytes, readHeader(bytes, 0));
  const members = partsOf(bytes, signed).filter((member) => !(member.class === CONTEXT && member.tag === VERSION));
  // The serial number and the algorithm come first, the validity stands between the two.
  const [, , issuer, , subject] = members;
  if (issuer === undefined || subject === undefined) return undefined;
  const commonName = (name: typeof issuer): string => namesOf(bytes, name).findLast(({ type }) => type === COMMON_NAME)?.value ?? '';
  const extensions = members.find((member) => member.class === CONTEXT && member.tag === EXTENSIONS);
  const alternatives = extensionOf(
    bytes,
    partsOf(bytes, extensions).flatMap((list) => partsOf(bytes, list)),
    ALTERNATIVE_NAMES,
  );
  const listed = alternatives === undefined ? [] : partsOf(alternatives, readHeader(alternatives, 0));
  const dnsNames = listed.filter(({ tag }) => tag === DNS).map((name) => contentOf(alternatives ?? '', name));
  return {
    names: dnsNames.length > 0 ? dnsNames : [commonName(subject)],
    issuer: commonName(issuer),
    isSelfSigned: contentOf(bytes, issuer) === contentOf(bytes, subject),
  };
}
