import { invalid, required, type ErrorList } from '../field/error.ts';
import type { Path } from '../field/path.ts';
import { isDNS1123Subdomain, isHTTPPath } from './names.ts';

/** `example.com/controller`: who manages an object, who signs a certificate. Counterpart: IsDomainPrefixedPath of apimachinery. */
export function validateDomainPrefixedPath(value: string, path: Path): ErrorList {
  if (value === '') return [required(path, '')];
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (host === '' || rest === '') return [invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  return [
    ...isDNS1123Subdomain(host).map((text) => invalid(path, host, text)),
    ...isHTTPPath(rest).map((text) => invalid(path, rest, text)),
  ];
}
