/**
 * Subresources that reach into a running container. What can be said without one is said here; the rest is the kubelet's.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod/{rest,strategy.go}.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { plainText, refuse } from '../answer.ts';
import type { HttpAnswer } from '../http.ts';
import type { ResourceRequest } from '../resource.ts';

export function connect(context: ResourceRequest): HttpAnswer {
  const { api, request, info, served, encoding } = context;
  const found = api.get(served.type, info.namespace, info.name);
  if (!found.ok) return refuse(found.status, encoding);
  if (served.type.plural !== 'pods') return refuse(errors.failure(503, 'ServiceUnavailable', 'no endpoints available', {}), encoding);
  const pod = found.object as Pod;
  if (info.subresource !== 'proxy' && info.subresource !== 'portforward') {
    const problem = containerProblem(pod, request.query.get('container') ?? '');
    if (problem !== undefined) return refuse(errors.badRequest(problem), encoding);
  }
  if ((pod.spec?.nodeName ?? '') === '') {
    if (info.subresource === 'log') return { ...plainText(204, ''), headers: {} };
    return refuse(errors.badRequest(`pod ${info.name} does not have a host assigned`), encoding);
  }
  return refuse(errors.failure(501, undefined, `the simulated kubelet does not offer ${info.subresource} yet`, {}), encoding);
}

function containerProblem({ spec, metadata }: Pod, container: string): string | undefined {
  const containers = (spec?.containers ?? []).map(({ name }) => name);
  const init = (spec?.initContainers ?? []).map(({ name }) => name);
  const ephemeral = (spec?.ephemeralContainers ?? []).map(({ name }) => name);
  const name = metadata.name ?? '';
  if (container !== '') {
    return [...containers, ...init, ...ephemeral].includes(container) ? undefined : `container ${container} is not valid for pod ${name}`;
  }
  if (containers.length === 1) return undefined;
  const others = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
  return `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${others}`;
}
