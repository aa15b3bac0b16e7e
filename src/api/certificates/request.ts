/**
 * What a certificate request asks for: whose it is and which names it is for.
 * Invariant: pure; what cannot be read is absent, it never throws. Counterpart: Go's crypto/x509.CertificateRequest.
 */
import { contentOf, partsOf, readHeader, signedStructureProblem, type DerElement } from './der.ts';
import { decode, decodePem } from './pem.ts';

/** Bytes are texts of one character a byte. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** As bytes. */
  readonly ipAddresses: readonly string[];
  /** The whole element, as it goes into a certificate. */
  readonly subject: string;
  readonly publicKey: string;
  /** The content of the extension of alternative names. */
  readonly alternativeNames: string | undefined;
}

export const COMMON_NAME = '\x55\x04\x03';
const ORGANIZATION = '\x55\x04\x0a';
export const ALTERNATIVE_NAMES = '\x55\x1d\x11';
/** 1.2.840.113549.1.9.14 */
const EXTENSION_REQUEST = '\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e';
export const DNS = 2;
const [EMAIL, URI, IP] = [1, 6, 7];

/** @param encoded `spec.request`: PEM in base64 */
export function parseRequest(encoded: string): CertificateRequest | undefined {
  const [block] = decodePem(decode(encoded) ?? '');
  if (block?.type !== 'CERTIFICATE REQUEST' || signedStructureProblem(block.bytes, 'certificateRequest') !== undefined) return undefined;
  const { bytes } = block;
  const [info] = partsOf(bytes, readHeader(bytes, 0));
  const [version, subject, publicKey, attributes] = partsOf(bytes, info);
  if (version === undefined || subject === undefined || publicKey === undefined) return undefined;
  const names = namesOf(bytes, subject);
  const alternativeNames = alternativeNamesOf(bytes, attributes);
  const alternatives = alternativeNames === undefined ? [] : partsOf(alternativeNames, readHeader(alternativeNames, 0));
  const ofKind = (tag: number | undefined): readonly string[] =>
    alternatives.filter((each) => each.tag === tag).map((each) => contentOf(alternativeNames ?? '', each));
  return {
    commonName: names.findLast(({ type }) => type === COMMON_NAME)?.value ?? '',
    organizations: names.filter(({ type }) => type === ORGANIZATION).map(({ value }) => value),
    dnsNames: ofKind(DNS),
    emailAddresses: ofKind(EMAIL),
    uris: ofKind(URI),
    ipAddresses: ofKind(IP),
    subject: wholeOf(bytes, version, subject),
    publicKey: wholeOf(bytes, subject, publicKey),
    alternativeNames,
  };
}

/** An element with its head, which begins where the one before it ends. */
function wholeOf(bytes: string, before: DerElement, element: DerElement): string {
  return bytes.slice(before.start + before.length, element.start + element.length);
}

export function namesOf(bytes: string, subject: DerElement): readonly { readonly type: string; readonly value: string }[] {
  return partsOf(bytes, subject)
    .flatMap((set) => partsOf(bytes, set))
    .flatMap((attribute) => {
      const [type, value] = partsOf(bytes, attribute);
      return type === undefined || value === undefined ? [] : [{ type: contentOf(bytes, type), value: contentOf(bytes, value) }];
    });
}

function alternativeNamesOf(bytes: string, attributes: DerElement | undefined): string | undefined {
  for (const attribute of partsOf(bytes, attributes)) {
    const [type, values] = partsOf(bytes, attribute);
    if (type === undefined || contentOf(bytes, type) !== EXTENSION_REQUEST) continue;
    const found = extensionOf(
      bytes,
      partsOf(bytes, values).flatMap((list) => partsOf(bytes, list)),
      ALTERNATIVE_NAMES,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The content of the extension with this number. */
export function extensionOf(bytes: string, extensions: readonly DerElement[], wanted: string): string | undefined {
  for (const extension of extensions) {
    const parts = partsOf(bytes, extension);
    const [id] = parts;
    const value = parts.at(-1);
    if (id !== undefined && value !== undefined && contentOf(bytes, id) === wanted) return contentOf(bytes, value);
  }
  return undefined;
}
