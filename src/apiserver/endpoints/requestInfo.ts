/** What the path of a request names, as k8s.io/apiserver/pkg/endpoints/request.RequestInfo says it. */
export interface RequestInfo {
  /** `api` or `apis`. */
  readonly prefix: 'api' | 'apis';
  readonly group: string;
  readonly version: string;
  /** Empty for cluster-scoped resources and for lists over all namespaces. */
  readonly namespace: string;
  readonly resource: string;
  /** Empty for the collection. */
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource (`proxy/…`), without the slash. */
  readonly rest: string;
}

/**
 * Reads `/api/v1/namespaces/NS/pods/NAME/SUB` and its shorter and `/apis/GROUP/VERSION` forms; undefined for a path that
 * names no resource. `/api/v1/namespaces/NS` is the namespace itself, and so are its `status` and `finalize`.
 */
export function parseRequestInfo(path: string): RequestInfo | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const prefix = parts[0];
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const groupParts = prefix === 'api' ? 0 : 1;
  const group = groupParts === 0 ? '' : (parts[1] ?? '');
  const version = parts[1 + groupParts] ?? '';
  let rest = parts.slice(2 + groupParts);
  if (rest.length === 0) return undefined;
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 2 && !NAMESPACE_SUBRESOURCES.has(rest[2] ?? '')) {
    namespace = rest[1] ?? '';
    rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  return { prefix, group, version, namespace, resource, name, subresource, rest: more.join('/') };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
