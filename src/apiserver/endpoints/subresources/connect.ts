/**
 * Subresources that reach into a running container. What can be said without one is said here; the rest is the kubelet's.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod/{rest,strategy.go}.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { refuse } from '../answer.ts';
import type { HttpAnswer } from '../http.ts';
import type { ResourceRequest } from '../resource.ts';
import { containerProblem } from './containerName.ts';
import { readLog } from './log.ts';
import { proxyPod, proxyService } from './proxy.ts';

export function connect(context: ResourceRequest): HttpAnswer {
  const { api, request, info, served, encoding } = context;
  if (info.subresource === 'proxy' && served.type.plural !== 'nodes') {
    return served.type.plural === 'pods' ? proxyPod(context) : proxyService(context);
  }
  const found = api.get(served.type, info.namespace, info.name);
  if (!found.ok) return refuse(found.status, encoding);
  if (served.type.plural !== 'pods') return refuse(errors.failure(503, 'ServiceUnavailable', 'no endpoints available', {}), encoding);
  const pod = found.object as Pod;
  if (info.subresource === 'log') return readLog(context, pod);
  const named = request.query.get('container') ?? '';
  const problem = info.subresource === 'portforward' ? undefined : containerProblem(pod, named);
  if (problem !== undefined) return refuse(errors.badRequest(problem), encoding);
  if ((pod.spec?.nodeName ?? '') === '') return refuse(errors.badRequest(`pod ${info.name} does not have a host assigned`), encoding);
  return open(context, pod, named === '' ? (pod.spec?.containers[0]?.name ?? '') : named);
}

function open({ request, info, encoding, host }: ResourceRequest, pod: Pod, container: string): HttpAnswer {
  const { nodes } = host;
  if (nodes === undefined) return refuse(errors.failure(503, 'ServiceUnavailable', 'no kubelet can be reached', {}), encoding);
  const { query, headers } = request;
  if (!/\bupgrade\b/i.test(headers['connection'] ?? '')) return refuse(errors.badRequest('Upgrade request required'), encoding);
  const unreachable = nodes.unreachable(pod, '');
  if (unreachable !== undefined) {
    const text = `error dialing backend: ${unreachable.slice(unreachable.indexOf('dial tcp'))}`;
    return refuse(errors.failure(500, undefined, text, {}), encoding);
  }
  if (info.subresource === 'portforward') return { kind: 'ports', dial: (port) => nodes.dial(pod, port) };
  const flag = (name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';
  const streams = { stdin: flag('stdin'), tty: flag('tty') };
  const command = query.getAll('command');
  if (info.subresource === 'exec' && command.length === 0)
    return refuse(errors.badRequest('you must specify at least 1 command for the container'), encoding);
  const opened = info.subresource === 'exec' ? nodes.exec(pod, container, { ...streams, command }) : nodes.attach(pod, container, streams);
  // The connection to the client stands by then: the problem comes over it, as the end of a process.
  const begin = typeof opened === 'string' ? () => ({ ...NOTHING, failure: opened }) : opened;
  return { kind: 'process', ...streams, open: begin, onAdvance: (listener) => nodes.onAdvance(listener) };
}

const NOTHING = { write: () => undefined, closeInput: () => undefined, run: () => undefined, close: () => undefined, exitCode: 1 };
