/**
 * pods/NAME:PORT/proxy/… and services/NAME:PORT/proxy/…: a request to what runs behind them.
 * Counterpart: the proxy REST storages of k8s.io/kubernetes/pkg/registry/core/{pod,service}.
 */
import { ENDPOINTSLICES, PODS, SERVICES } from '../../../api/schema/resources.ts';
import type { Pod, Service } from '../../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { groupResource, objectKey } from '../../../apimachinery/meta/resource.ts';
import { TLS_PORTS } from '../../../apimachinery/net/tlsPorts.ts';
import { INDEX_SERVICE } from '../../serviceIndex.ts';
import { plainText, refuse } from '../answer.ts';
import type { HttpAnswer } from '../http.ts';
import type { ResourceRequest } from '../resource.ts';

interface Target {
  readonly tls: boolean;
  readonly name: string;
  /** A number or, for services, a name; empty if none was given. */
  readonly port: string;
}

export function proxyPod(context: ResourceRequest): HttpAnswer {
  const { api, info, encoding } = context;
  const target = targetOf(info.name);
  if (target === undefined) return refuse(errors.badRequest(`invalid pod request "${info.name}"`), encoding);
  const { tls, name, port } = target;
  const found = api.get(PODS, info.namespace, name);
  if (!found.ok) return refuse(found.status, encoding);
  const pod = found.object;
  if ((pod.status?.podIP ?? '') === '') return refuse(errors.badRequest('address not allowed'), encoding);
  const declared = pod.spec?.containers.flatMap(({ ports }) => ports ?? [])[0]?.containerPort;
  return forward(context, pod, port === '' ? (declared ?? 80) : Number(port), tls);
}

/** A number means the port of the Service that has it, anything else its name; none the port without a name. */
export function proxyService(context: ResourceRequest): HttpAnswer {
  const { api, info, encoding } = context;
  const target = targetOf(info.name);
  if (target === undefined) return refuse(errors.badRequest(`invalid service request "${info.name}"`), encoding);
  const { tls, name, port } = target;
  const found = api.get(SERVICES, info.namespace, name);
  if (!found.ok) return refuse(found.status, encoding);
  let wanted = port;
  if (/^[-+]?\d+$/.test(port)) {
    const numbered = (found.object as Service).spec?.ports?.find((each) => each.port === Number(port));
    if (numbered === undefined) return unavailable(context, `no service port ${Number(port)} found for service "${name}"`);
    wanted = numbered.name ?? '';
  }
  const key = objectKey(info.namespace, name);
  const slices = api.store.byIndex(groupResource(ENDPOINTSLICES), INDEX_SERVICE, key) as readonly EndpointSlice[];
  const hasAny = slices.some(({ endpoints }) => (endpoints ?? []).length > 0);
  for (const { endpoints, ports: targets } of slices) {
    const number = targets?.find((each) => (each.name ?? '') === wanted)?.port;
    const ready = (endpoints ?? []).find(({ conditions, targetRef }) => conditions?.ready !== false && targetRef?.kind === 'Pod');
    const pod = api.get(PODS, info.namespace, ready?.targetRef?.name ?? '');
    if (number !== undefined && pod.ok) return forward(context, pod.object, number, tls);
  }
  return unavailable(context, `no endpoints available for service "${hasAny ? info.name : name}"`);
}

function forward(context: ResourceRequest, pod: Pod, port: number, tls: boolean): HttpAnswer {
  const { info, request, host } = context;
  const { method } = request;
  const text = request.query.toString();
  const query = text === '' ? '' : `?${text}`;
  const endsInSlash = request.path.endsWith('/');
  if (info.rest === '' && !endsInSlash && (method === 'GET' || method === 'HEAD'))
    return { kind: 'response', code: 301, headers: { Location: `${request.path}/${query}` }, warnings: [], body: '' };
  const path = `/${info.rest}${endsInSlash && info.rest !== '' ? '/' : ''}${query}`;
  if (tls && !TLS_PORTS.has(port))
    return unavailable(context, 'error trying to reach service: tls: first record does not look like a TLS handshake');
  if (!tls && TLS_PORTS.has(port)) return plainText(400, 'Client sent an HTTP request to an HTTPS server.\n', 'text/plain');
  const body = oneCharacterAByte(request.bytes ?? new TextEncoder().encode(request.body));
  const answer = host.nodes?.fetch(pod, port, { method, path, body }) ?? 'no kubelet can be reached';
  if (typeof answer === 'string') {
    return unavailable(context, `error trying to reach service: ${answer.replace('127.0.0.1', pod.status?.podIP ?? '127.0.0.1')}`);
  }
  const bytes = Uint8Array.from(answer.body, (character) => character.charCodeAt(0));
  return { ...plainText(answer.code, new TextDecoder().decode(bytes), answer.contentType), bytes };
}

function oneCharacterAByte(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function unavailable({ encoding }: ResourceRequest, text: string): HttpAnswer {
  return refuse(errors.failure(503, 'ServiceUnavailable', text, {}), encoding);
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`; undefined: something else. */
function targetOf(text: string): Target | undefined {
  const parts = text.split(':');
  if (parts.length > 3 || (parts.length === 3 && !SCHEMES.has(parts[0] ?? ''))) return undefined;
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts;
  return name === '' ? undefined : { tls: parts.length === 3 && parts[0] === 'https', name, port };
}

const SCHEMES: ReadonlySet<string> = new Set(['', 'http', 'https']);
