/** The kinds of names that devices and what belongs to them have. */
import { invalid, required, tooLong } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { isCIdentifier, isDNS1123Label, isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';
import { byteLength } from '../../apimachinery/validation/text.ts';
import { invalidEach, type Sink } from '../core/pod/sink.ts';

const MAX_POOL_NAME = 253;
const MAX_DOMAIN = 63;
const MAX_ID = 32;

/** `domain/id` at its longest. */
export const MAX_QUALIFIED_NAME = MAX_DOMAIN + 1 + MAX_ID;
export const MAX_LABEL = 63;

export function validateLabel(sink: Sink, name: string, path: Path): void {
  invalidEach(sink, path, name, isDNS1123Label(name));
}

/** As a CSI driver's: a subdomain in any case of letters, of at most 63 bytes. */
export function validateDriverName(sink: Sink, name: string, path: Path): void {
  if (name === '') {
    sink.push(required(path, ''));
    return;
  }
  if (byteLength(name) > MAX_DOMAIN) sink.push(tooLong(path, MAX_DOMAIN));
  invalidEach(sink, path, name, isDNS1123Subdomain(name.toLowerCase()));
}

/** Subdomains with slashes between them. */
export function validatePoolName(sink: Sink, name: string, path: Path): void {
  if (name === '') {
    sink.push(required(path, ''));
    return;
  }
  if (byteLength(name) > MAX_POOL_NAME) sink.push(tooLong(path, MAX_POOL_NAME));
  for (const part of name.split('/')) invalidEach(sink, path, part, isDNS1123Subdomain(part));
}

/** `model`, or `gpu.example.com/model`; more than one slash is let through. */
export function validateQualifiedName(sink: Sink, name: string, path: Path): void {
  const parts = name.split('/');
  const [first = '', second = ''] = parts;
  if (parts.length === 1) validateIdentifier(sink, first, path);
  if (parts.length !== 2) return;
  if (first === '') sink.push(invalid(path, '', 'the domain must not be empty'));
  else validateDriverName(sink, first, path);
  if (second === '') sink.push(invalid(path, '', 'the name must not be empty'));
  else validateIdentifier(sink, second, path);
}

export function validateFullyQualifiedName(sink: Sink, name: string, path: Path): void {
  validateQualifiedName(sink, name, path);
  if (!name.includes('/')) sink.push(invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash'));
}

/** A UUID in small letters with dashes. */
export function validateUID(sink: Sink, uid: string, path: Path): void {
  const problem = uuidProblem(uid);
  if (problem !== undefined) sink.push(invalid(path, uid, `error validating uid: ${problem}`));
  else if (uid.length !== 36 || uid !== uid.toLowerCase())
    sink.push(
      invalid(
        path,
        uid,
        'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters',
      ),
    );
}

/** The forms that Go's uuid package reads. */
function uuidProblem(uid: string): string | undefined {
  switch (byteLength(uid)) {
    case 32:
      return /^[0-9a-f]{32}$/i.test(uid) ? undefined : BAD_FORMAT;
    case 36:
      return UUID.test(uid) ? undefined : BAD_FORMAT;
    case 38:
      if (!uid.startsWith('{') || !uid.endsWith('}')) return 'invalid bracketed UUID format';
      return UUID.test(uid.slice(1, -1)) ? undefined : BAD_FORMAT;
    case 45:
      if (uid.slice(0, 9).toLowerCase() !== 'urn:uuid:') return `invalid urn prefix: "${uid.slice(0, 9)}"`;
      return UUID.test(uid.slice(9)) ? undefined : BAD_FORMAT;
    default:
      return `invalid UUID length: ${byteLength(uid)}`;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const BAD_FORMAT = 'invalid UUID format';

function validateIdentifier(sink: Sink, id: string, path: Path): void {
  if (byteLength(id) > MAX_ID) sink.push(tooLong(path, MAX_ID));
  invalidEach(sink, path, id, isCIdentifier(id));
}
