/**
 * Reviews: questions to the API server in the form of objects that are answered and not kept.
 * Counterpart: k8s.io/kubernetes/pkg/registry/{authorization,authentication}.
 */
import { decodeBody } from '../../../api/decodeBody.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { API_AUDIENCES } from '../../authentication/serviceaccount/tokens.ts';
import { aggregate, type Authorizer } from '../../authorization/authorizer.ts';
import type { UserInfo } from '../../request.ts';
import type { RestHost } from '../host.ts';
import { answer, refuse } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions } from '../options.ts';
import type { ResourceRequest } from '../resource.ts';

interface ReviewSpec {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly namespace?: string;
  readonly token?: string;
  readonly audiences?: readonly string[];
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
  const { request, served, encoding } = context;
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(served.type, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const spec = ((decoded.object as { readonly spec?: ReviewSpec }).spec ?? {}) as ReviewSpec;
  const status = answerReview(context, spec);
  if (isStatus(status)) return refuse(status, encoding);
  return answer({ ...decoded.object, status }, 201, encoding, decoded.warnings);
}

function answerReview({ api, request, served, info, host }: ResourceRequest, spec: ReviewSpec): object | Status {
  const { user } = request;
  switch (served.type.kind) {
    case 'SelfSubjectReview':
      return { userInfo: userInfo(user) };
    case 'SelfSubjectAccessReview':
      return attributesError(spec) ?? decide(api.authorizer, user, spec);
    case 'SubjectAccessReview':
      return subjectError(spec) ?? attributesError(spec) ?? decide(api.authorizer, subject(spec), spec);
    case 'LocalSubjectAccessReview':
      return subjectError(spec) ?? namespaceError(spec, info.namespace) ?? decide(api.authorizer, subject(spec), spec);
    case 'SelfSubjectRulesReview':
      return rules(api.authorizer, user, spec.namespace ?? '');
    case 'TokenReview':
      return reviewToken(spec, host);
    default:
      return errors.failure(404, 'NotFound', 'the server could not find the requested resource', {});
  }
}

function decide(authorizer: Authorizer, user: UserInfo, { resourceAttributes, nonResourceAttributes }: ReviewSpec): object {
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = resourceAttributes ?? {};
  const attributes =
    nonResourceAttributes === undefined
      ? { verb, group, resource, subresource, namespace, name }
      : { verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  const { allowed, reason } = authorizer.authorize(user, attributes);
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

function subject({ user, groups, uid, extra }: ReviewSpec): UserInfo {
  return { name: user ?? '', groups: groups ?? [], ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

function rules(authorizer: Authorizer, user: UserInfo, namespace: string): object | Status {
  if (namespace === '') return errors.badRequest('no namespace on request');
  const problems: string[] = [];
  const all = authorizer.rules(user, namespace, problems).map(({ rule }) => rule);
  return {
    resourceRules: all.flatMap(({ verbs, apiGroups, resources, resourceNames }) =>
      resources === undefined ? [] : [{ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) }],
    ),
    nonResourceRules: all.flatMap(({ verbs, nonResourceURLs }) => (nonResourceURLs === undefined ? [] : [{ verbs, nonResourceURLs }])),
    incomplete: false,
    ...(problems.length === 0 ? {} : { evaluationError: aggregate(problems) }),
  };
}

function reviewToken({ token, audiences }: ReviewSpec, { identify }: RestHost): object | Status {
  if (token === undefined || token === '') return errors.badRequest('token is required for TokenReview in authentication');
  const identity = identify?.(token);
  if (identity === undefined) return { user: {}, error: 'invalid bearer token' };
  const wanted = audiences === undefined || audiences.length === 0 ? API_AUDIENCES : audiences;
  const common = wanted.filter((audience) => identity.audiences.includes(audience));
  if (common.length === 0) {
    const error = `[invalid bearer token, token audiences ${JSON.stringify(identity.audiences)} is invalid for the target audiences ${JSON.stringify(wanted)}]`;
    return { user: {}, error };
  }
  return { authenticated: true, user: userInfo(identity.user), audiences: common };
}

function userInfo({ name, groups, uid, extra }: UserInfo): object {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
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
