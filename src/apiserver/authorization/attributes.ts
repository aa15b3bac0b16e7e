import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { UserInfo } from '../request.ts';

/** An act on a resource. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped resources and for lists over all namespaces. */
  readonly namespace: string;
  /** Empty for collections. */
  readonly name: string;
}

/** A request for a path that is no resource. */
export interface NonResourceAttributes {
  readonly verb: string;
  readonly path: string;
}

export type Attributes = ResourceAttributes | NonResourceAttributes;

export interface Decision {
  readonly allowed: boolean;
  /** Why; empty if there is nothing to say. */
  readonly reason: string;
}

export function isResource(attributes: Attributes): attributes is ResourceAttributes {
  return 'resource' in attributes;
}

/** `pods/log` for a subresource, else the resource. */
export function combinedResource({ resource, subresource }: ResourceAttributes): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

/** The 403 that says what the user cannot do and, if the authorizer told, why. */
export function forbiddenStatus(user: UserInfo, attributes: Attributes, reason = ''): Status {
  const because = reason === '' ? '' : `: ${reason}`;
  if (!isResource(attributes)) {
    const { verb, path } = attributes;
    return errors.failure(403, 'Forbidden', `forbidden: User "${user.name}" cannot ${verb} path "${path}"${because}`, {});
  }
  const { group, verb, name, namespace } = attributes;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const text = `User "${user.name}" cannot ${verb} resource "${combinedResource(attributes)}" in API group "${group}" ${where}${because}`;
  return errors.forbidden({ group, plural: attributes.resource }, name, text);
}
