/**
 * Reviews: questions to the API server in the form of objects that are answered and not kept.
 * Counterpart: k8s.io/kubernetes/pkg/registry/{authorization,authentication}.
 */
import { decodeBody } from '../../../api/decodeBody.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { UserInfo } from '../../request.ts';
import { answer, refuse } from '../answer.ts';
import { mayAccessPath, mayAccessResource } from '../authorization.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions } from '../options.ts';
import type { ResourceRequest } from '../resource.ts';

interface ReviewSpec {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly namespace?: string;
  readonly resourceAttributes?: {
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

export function review(context: ResourceRequest): HttpResponse {
  const { request, served, info, encoding } = context;
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(served.type, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const spec = ((decoded.object as { readonly spec?: ReviewSpec }).spec ?? {}) as ReviewSpec;
  const status = answerReview(served.type.kind, spec, request.user, info.namespace);
  if (isStatus(status)) return refuse(status, encoding);
  return answer({ ...decoded.object, status }, 201, encoding, decoded.warnings);
}

function answerReview(kind: string, spec: ReviewSpec, user: UserInfo, namespace: string): object | Status {
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: userInfo(user) };
    case 'SelfSubjectAccessReview':
      return attributesError(spec) ?? allowed(user, spec);
    case 'SubjectAccessReview':
      return subjectError(spec) ?? attributesError(spec) ?? allowed(subject(spec), spec);
    case 'LocalSubjectAccessReview':
      return subjectError(spec) ?? namespaceError(spec, namespace) ?? allowed(subject(spec), spec);
    case 'SelfSubjectRulesReview':
      return rules(user);
    case 'TokenReview':
      return { user: {}, error: 'invalid bearer token' };
    default:
      return errors.failure(404, 'NotFound', 'the server could not find the requested resource', {});
  }
}

function allowed(user: UserInfo, { resourceAttributes, nonResourceAttributes }: ReviewSpec): object {
  if (nonResourceAttributes !== undefined) {
    return { allowed: mayAccessPath(user, { verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' }) };
  }
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = resourceAttributes ?? {};
  return { allowed: mayAccessResource(user, { verb, group, resource, subresource, namespace, name }) };
}

function subject({ user, groups }: ReviewSpec): UserInfo {
  return { name: user ?? '', groups: groups ?? [] };
}

function rules(user: UserInfo): object {
  const all = user.groups.includes('system:masters');
  return {
    resourceRules: all ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : [],
    nonResourceRules: all ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : [],
    incomplete: false,
  };
}

function userInfo({ name, groups, uid }: UserInfo): object {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups };
}

function subjectError({ user, groups }: ReviewSpec): Status | undefined {
  if ((user ?? '') !== '' || (groups ?? []).length > 0) return undefined;
  return invalid('spec.user', 'Invalid value: "": at least one of user or group must be specified');
}

function attributesError({ resourceAttributes, nonResourceAttributes }: ReviewSpec): Status | undefined {
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return undefined;
  const value = resourceAttributes === undefined ? 'null' : JSON.stringify(resourceAttributes);
  return invalid(
    'spec.resourceAttributes',
    `Invalid value: ${value}: exactly one of nonResourceAttributes or resourceAttributes must be specified`,
  );
}

function namespaceError({ resourceAttributes }: ReviewSpec, namespace: string): Status | undefined {
  const named = resourceAttributes?.namespace ?? '';
  return named === namespace
    ? undefined
    : invalid('spec.resourceAttributes.namespace', `Invalid value: "${named}": must match metadata.namespace`);
}

function invalid(field: string, message: string): Status {
  return errors.failure(422, 'Invalid', `.authorization.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'authorization.k8s.io',
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  });
}
