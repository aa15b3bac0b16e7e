/**
 * POST serviceaccounts/NAME/token: a token for the account, for a time and bound to what the request names.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/serviceaccount/storage/token.go.
 */
import { decodeBody } from '../../../api/decodeBody.ts';
import { NODES, PODS, SECRETS, SERVICEACCOUNTS } from '../../../api/schema/resources.ts';
import type { BoundObjectReference, TokenRequest } from '../../../api/schema/types/authentication/v1.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import * as field from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { KubeObject, ResourceType } from '../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
import { API_AUDIENCES, type PrivateClaims, type Reference } from '../../authentication/serviceaccount/tokens.ts';
import type { ApiServer } from '../../apiServer.ts';
import { answer, refuse, resourceNotFound } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isStatus } from '../list.ts';
import { writeOptions } from '../options.ts';
import type { ResourceRequest } from '../resource.ts';

const TOKEN_REQUEST = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;

const BINDABLE: Readonly<Record<string, ResourceType>> = { Pod: PODS, Secret: SECRETS, Node: NODES };

export function requestToken(context: ResourceRequest): HttpResponse {
  const { api, request, info, encoding, host } = context;
  if (host.tokens === undefined) return refuse(resourceNotFound(), encoding);
  const options = writeOptions(request, 'CreateOptions');
  if (isStatus(options)) return refuse(options, encoding);
  const decoded = decodeBody(TOKEN_REQUEST, request.body, request.headers['content-type'] ?? '', options.fieldValidation);
  if (!decoded.ok) return refuse(decoded.status, encoding);
  const { metadata, spec } = decoded.object as unknown as TokenRequest;
  if ((metadata.name ?? '') !== '' && metadata.name !== info.name) {
    const text = `the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${info.name})`;
    return refuse(errors.badRequest(text), encoding);
  }
  const account = api.get(SERVICEACCOUNTS, info.namespace, info.name);
  if (!account.ok) return refuse(account.status, encoding);
  const expirationSeconds = spec?.expirationSeconds ?? DEFAULT_SECONDS;
  const invalid = checkSeconds(expirationSeconds);
  if (invalid !== undefined) return refuse(invalid, encoding);
  const bound = boundTo(api, info.namespace, info.name, spec?.boundObjectRef);
  if ('status' in bound) return refuse(bound, encoding);
  const audiences = (spec?.audiences ?? []).length === 0 ? API_AUDIENCES : (spec?.audiences ?? []);
  const claims: PrivateClaims = { namespace: info.namespace, serviceaccount: referenceTo(account.object), ...bound };
  const status =
    options.context.dryRun === true
      ? { token: '', expirationTimestamp: null }
      : {
          token: host.tokens.issue({ claims, audiences, expirationSeconds }),
          expirationTimestamp: formatTime(api.registry.now() + expirationSeconds * 1000),
        };
  const answered = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...metadata, name: info.name, namespace: info.namespace, creationTimestamp: formatTime(api.registry.now()) },
    spec: {
      audiences,
      expirationSeconds,
      ...(spec?.boundObjectRef === undefined ? { boundObjectRef: null } : { boundObjectRef: spec.boundObjectRef }),
    },
    status,
  };
  return answer(answered, 201, encoding, decoded.warnings);
}

function checkSeconds(seconds: number): Status | undefined {
  const path = Path.of('spec', 'expirationSeconds');
  if (seconds < MIN_SECONDS) return invalidRequest(field.invalid(path, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > MAX_SECONDS) return invalidRequest(field.invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds'));
  return undefined;
}

function invalidRequest(error: field.FieldError): Status {
  return errors.invalid(TOKEN_REQUEST, '', [error]);
}

/** The claims that bind a token to an object, if the object is there and fits. */
function boundTo(
  api: ApiServer,
  namespace: string,
  account: string,
  reference: BoundObjectReference | undefined,
): Partial<Pick<PrivateClaims, 'pod' | 'secret' | 'node'>> | Status {
  if (reference === undefined) return {};
  const { kind = '', name = '', uid = '' } = reference;
  const type = BINDABLE[kind];
  if (type === undefined || reference.apiVersion !== 'v1') {
    return errors.badRequest(`cannot bind token to object of type ${reference.apiVersion ?? ''}, Kind=${kind}`);
  }
  const found = api.get(type, type.namespaced ? namespace : '', name);
  if (!found.ok) return found.status;
  const object = found.object as KubeObject;
  if (uid !== '' && uid !== object.metadata.uid) {
    const text = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    return errors.conflict(type, name, text);
  }
  if (kind === 'Secret') return { secret: referenceTo(object) };
  if (kind === 'Node') return { node: referenceTo(object) };
  const { spec } = object as Pod;
  if (spec?.serviceAccountName !== account) {
    return errors.badRequest(`cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`);
  }
  const node = api.get(NODES, '', spec.nodeName ?? '');
  return { pod: referenceTo(object), ...(node.ok ? { node: referenceTo(node.object) } : {}) };
}

function referenceTo({ metadata }: KubeObject): Reference {
  return { name: metadata.name ?? '', uid: metadata.uid ?? '' };
}
