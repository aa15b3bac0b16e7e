/**
 * Addresses of live objects: `kubepad:/default/apps~v1/Deployment/web.yaml`, `kubepad:/-/v1/Node/worker-1.yaml`.
 * Invariant: pure; what `liveObjectPath` makes, `parseLivePath` takes apart. Counterpart: none; close to an API server's URL.
 */
import type { ObjectRef } from '../../host/protocol/view.ts';

/** No namespace can have this name. */
const none = '-';

export function liveObjectPath({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return `/${namespace === '' ? none : namespace}/${apiVersion.replace('/', '~')}/${kind}/${name}.yaml`;
}

/** Undefined if the path names no object. */
export function parseLivePath(path: string): ObjectRef | undefined {
  const match = /^\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\.yaml$/.exec(path);
  if (match === null) return undefined;
  const [, namespace = '', apiVersion = '', kind = '', name = ''] = match;
  return { apiVersion: apiVersion.replace('~', '/'), kind, namespace: namespace === none ? '' : namespace, name };
}

/** `deployment/web`, for titles and messages. */
export function shortName({ kind, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name}`;
}
