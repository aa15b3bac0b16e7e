/**
 * metrics.k8s.io: what the running containers and the nodes use now, for `kubectl top`.
 * Invariant: nothing is stored; what does not run has no metrics. Counterpart: sigs.k8s.io/metrics-server.
 */
import type { Node, Pod } from '../../../api/schema/types/core/v1.ts';
import { NODES, PODS } from '../../../api/schema/resources.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { groupResource, type KubeObject, type ResourceType } from '../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
import { INDEX_NODE_NAME } from '../../apiServer.ts';
import { answer, methodNotAllowed, refuse, resourceNotFound } from '../answer.ts';
import type { HttpResponse } from '../http.ts';
import { isSelected, isStatus, selectorOf } from '../list.ts';
import type { ContainerUsage, NodeApi } from '../nodeApi.ts';
import type { ResourceRequest } from '../resource.ts';

const WINDOW = '15s';
/** What the node itself and its daemons use. */
const SYSTEM_NANO_CPU = 60_000_000;
const SYSTEM_BYTES = 420 * 1024 * 1024;

export function metrics(context: ResourceRequest): HttpResponse {
  const { api, request, info, served, encoding, host } = context;
  const { nodes } = host;
  if (nodes === undefined || info.subresource !== '') return refuse(resourceNotFound(), encoding);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(methodNotAllowed(), encoding);
  const source: ResourceType = served.type.plural === 'pods' ? PODS : NODES;
  const measure = (object: KubeObject): object | undefined =>
    served.type.plural === 'pods' ? podMetrics(context, nodes, object as Pod) : nodeMetrics(context, nodes, object as Node);
  if (info.name !== '') {
    const found = api.get(source, info.namespace, info.name);
    const measured = found.ok ? measure(found.object as KubeObject) : undefined;
    if (measured === undefined) return refuse(errors.notFound(served.type, nameOf(source, info.namespace, info.name)), encoding);
    return answer({ kind: served.type.kind, apiVersion: 'metrics.k8s.io/v1beta1', ...measured }, 200, encoding);
  }
  const selector = selectorOf(source, request.query);
  if (isStatus(selector)) return refuse(selector, encoding);
  const objects = api.store.list(groupResource(source), info.namespace === '' ? undefined : info.namespace);
  const items = objects.filter((object) => isSelected(source, selector, object)).flatMap((object) => measure(object) ?? []);
  return answer({ kind: `${served.type.kind}List`, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items }, 200, encoding);
}

function nameOf({ namespaced }: ResourceType, namespace: string, name: string): string {
  return namespaced ? `${namespace}/${name}` : name;
}

function podMetrics(context: ResourceRequest, nodes: NodeApi, pod: Pod): object | undefined {
  const containers = nodes.usage(pod);
  if (containers.length === 0) return undefined;
  return { ...head(context, pod), containers: containers.map(({ name, ...usage }) => ({ name, usage: texts(usage) })) };
}

/** Of nodes that are not ready nothing is known. */
function nodeMetrics(context: ResourceRequest, nodes: NodeApi, node: Node): object | undefined {
  if (node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') !== true) return undefined;
  const pods = context.api.store.byIndex('pods', INDEX_NODE_NAME, node.metadata.name ?? '') as readonly Pod[];
  const used = pods.flatMap((pod) => nodes.usage(pod));
  const usage = {
    nanoCpu: used.reduce((sum, { nanoCpu }) => sum + nanoCpu, SYSTEM_NANO_CPU),
    memoryBytes: used.reduce((sum, { memoryBytes }) => sum + memoryBytes, SYSTEM_BYTES),
  };
  return { ...head(context, node), usage: texts(usage) };
}

function head({ api }: ResourceRequest, { metadata }: KubeObject): object {
  const now = formatTime(api.registry.now());
  const { name, namespace, labels } = metadata;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: now,
      ...(labels === undefined ? {} : { labels }),
    },
    timestamp: now,
    window: WINDOW,
  };
}

function texts({ nanoCpu, memoryBytes }: Omit<ContainerUsage, 'name'>): object {
  return { cpu: `${nanoCpu}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` };
}
