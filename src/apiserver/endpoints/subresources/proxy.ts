/**
 * pods/NAME:PORT/proxy/… and services/NAME:PORT/proxy/…: a request to what runs behind them.
 * Counterpart: the proxy REST storages of k8s.io/kubernetes/pkg/registry/core/{pod,service}.
 */
import { ENDPOINTSLICES, PODS, SERVICES } from '../../../api/schema/resources.ts';
import type { Pod, Service } from '../../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../../api/schema/types/discovery/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import { plainText, refuse } from '../answer.ts';
import type { HttpAnswer } from '../http.ts';
import type { ResourceRequest } from '../resource.ts';

interface Target {
  readonly name: string;
  /** A number or, for services, a name; empty if none was given. */
  readonly port: string;
}

export function proxyPod(context: ResourceRequest): HttpAnswer {
  const { api, info, encoding } = context;
  const { name, port } = targetOf(info.name);
  const found = api.get(PODS, info.namespace, name);
  if (!found.ok) return refuse(found.status, encoding);
  const pod = found.object;
  if ((pod.status?.podIP ?? '') === '') return refuse(errors.badRequest('address not allowed'), encoding);
  const declared = pod.spec?.containers.flatMap(({ ports }) => ports ?? [])[0]?.containerPort;
  return forward(context, pod, port === '' ? (declared ?? 80) : Number(port));
}

export function proxyService(context: ResourceRequest): HttpAnswer {
  const { api, info, encoding } = context;
  const { name, port } = targetOf(info.name);
  const found = api.get(SERVICES, info.namespace, name);
  if (!found.ok) return refuse(found.status, encoding);
  const ports = (found.object as Service).spec?.ports ?? [];
  const wanted =
    port === '' ? (ports.length === 1 ? ports[0] : undefined) : ports.find((each) => each.name === port || String(each.port) === port);
  if (wanted === undefined) return unavailable(context, `no service port "${port}" found for service "${name}"`);
  const slices = (api.store.list(groupResource(ENDPOINTSLICES), info.namespace) as readonly EndpointSlice[]).filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  for (const { endpoints, ports: targets } of slices) {
    const number = targets?.find((target) => (target.name ?? '') === (wanted.name ?? ''))?.port;
    const ready = (endpoints ?? []).find(({ conditions, targetRef }) => conditions?.ready !== false && targetRef?.kind === 'Pod');
    const pod = api.get(PODS, info.namespace, ready?.targetRef?.name ?? '');
    if (number !== undefined && pod.ok) return forward(context, pod.object, number);
  }
  return unavailable(context, `no endpoints available for service "${name}"`);
}

function forward(context: ResourceRequest, pod: Pod, port: number): HttpAnswer {
  const { info, request, host } = context;
  const query = request.query.toString();
  const answer = host.nodes?.fetch(pod, port, `/${info.rest}${query === '' ? '' : `?${query}`}`) ?? 'no kubelet can be reached';
  if (typeof answer === 'string') {
    return unavailable(context, `error trying to reach service: ${answer.replace('127.0.0.1', pod.status?.podIP ?? '127.0.0.1')}`);
  }
  return plainText(answer.code, answer.body, answer.contentType);
}

function unavailable({ encoding }: ResourceRequest, text: string): HttpAnswer {
  return refuse(errors.failure(503, 'ServiceUnavailable', text, {}), encoding);
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. */
function targetOf(text: string): Target {
  const parts = text.split(':');
  const [name = '', port = ''] = parts.length > 2 ? parts.slice(1) : parts;
  return { name, port };
}
