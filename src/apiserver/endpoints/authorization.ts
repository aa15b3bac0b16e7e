/**
 * What a user may do. Until roles are evaluated: masters may do everything, others may look at what the server is.
 * Counterpart: k8s.io/apiserver/pkg/authorization.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';
import type { UserInfo } from '../request.ts';

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface NonResourceAttributes {
  readonly verb: string;
  readonly path: string;
}

/** Paths that the bootstrap roles `system:discovery` and `system:public-info-viewer` open. */
const DISCOVERY = [/^\/apis?(\/|$)/, /^\/openapi(\/|$)/, /^\/version\/?$/, /^\/(healthz|livez|readyz)$/];
const PUBLIC = [/^\/version\/?$/, /^\/(healthz|livez|readyz)$/];
/** Reviews of oneself are open to every authenticated user by the bootstrap role `system:basic-user`. */
const SELF_REVIEWS: ReadonlySet<string> = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
]);

export function mayAccessResource(user: UserInfo, attributes: ResourceAttributes): boolean {
  if (isMaster(user)) return true;
  const resource = groupResource({ group: attributes.group, plural: attributes.resource });
  return isAuthenticated(user) && attributes.verb === 'create' && SELF_REVIEWS.has(resource);
}

export function mayAccessPath(user: UserInfo, { verb, path }: NonResourceAttributes): boolean {
  if (isMaster(user)) return true;
  return verb === 'get' && (isAuthenticated(user) ? DISCOVERY : PUBLIC).some((pattern) => pattern.test(path));
}

export function resourceForbidden(user: UserInfo, attributes: ResourceAttributes): Status {
  const { group, verb, name, namespace, subresource } = attributes;
  const resource = subresource === '' ? attributes.resource : `${attributes.resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const text = `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  return errors.forbidden({ group, plural: attributes.resource }, name, text);
}

export function pathForbidden(user: UserInfo, { verb, path }: NonResourceAttributes): Status {
  return errors.failure(403, 'Forbidden', `forbidden: User "${user.name}" cannot ${verb} path "${path}"`, {});
}

function isMaster(user: UserInfo): boolean {
  return user.groups.includes('system:masters');
}

function isAuthenticated(user: UserInfo): boolean {
  return user.groups.includes('system:authenticated');
}
