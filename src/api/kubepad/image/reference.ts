/**
 * Names of images: registry, path, tag and digest.
 * Counterpart: github.com/distribution/reference.
 */
export interface Reference {
  /** `docker.io` where the name says none. */
  readonly registry: string;
  /** The path in the registry; `library/nginx` for `nginx`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

export const DOCKER_HUB = 'docker.io';
export const DEFAULT_TAG = 'latest';

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const DOMAIN = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?/)?';
const TAG = '[\\w][\\w.-]{0,127}';
const REFERENCE = new RegExp(`^(${DOMAIN}${COMPONENT}(?:/${COMPONENT})*)(?::(${TAG}))?(?:@([A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}))?$`);
const WHOLE_TAG = new RegExp(`^${TAG}$`);

/** Undefined if the text is no name of an image. */
export function parseReference(text: string): Reference | undefined {
  const [, name, tag, digest] = REFERENCE.exec(text) ?? [];
  if (name === undefined) return undefined;
  const { domain, path } = splitDomain(name);
  const registry = domain === '' || domain === 'index.docker.io' ? DOCKER_HUB : domain;
  const whole = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  return { registry, path: whole, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

export function isTag(text: string): boolean {
  return WHOLE_TAG.test(text);
}

/** `localhost:5000/a/b` is `a/b` in `localhost:5000`; the first part is a registry only if it looks like a host. */
export function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isDomain = first.includes('.') || first.includes(':') || first === 'localhost' || first.toLowerCase() !== first;
  return isDomain ? { domain: first, path: name.slice(slash + 1) } : { domain: '', path: name };
}

/** `docker.io/library/nginx`: the repository by its whole name. */
export function repositoryName({ registry, path }: Reference): string {
  return `${registry}/${path}`;
}

/** The repository as people write it: `nginx`, `team/web`, `localhost:5000/web`. */
export function familiarName({ registry, path }: Reference): string {
  if (registry !== DOCKER_HUB) return `${registry}/${path}`;
  return path.startsWith('library/') ? path.slice('library/'.length) : path;
}

/** A registry on this machine or in this network, or a private one of Amazon ECR. */
export function isOfWorkspace(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '');
  if (LOCAL_HOSTS.has(host) || host.endsWith('.localhost') || host.endsWith('.local')) return true;
  return /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(host);
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', 'host.docker.internal', 'kind-registry']);
