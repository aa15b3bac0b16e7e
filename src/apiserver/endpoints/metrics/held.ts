/**
 * custom.metrics.k8s.io and external.metrics.k8s.io: the values of the Metrics that there are, as an adapter would serve them.
 * Invariant: reads only; an API of which there is no Metric is not served. Counterpart: sigs.k8s.io/custom-metrics-apiserver.
 */
import {
  externalValues,
  isCustomName,
  isExternal,
  metricName,
  objectValue,
  podValue,
  type MetricValue,
} from '../../../api/kubepad/metric/lookup.ts';
import { METRICS, type Metric } from '../../../api/kubepad/types.ts';
import { PODS } from '../../../api/schema/resources.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { parseSelector } from '../../../apimachinery/labels/parse.ts';
import { matches, type Selector } from '../../../apimachinery/labels/selector.ts';
import { groupResource, type ResourceType } from '../../../apimachinery/meta/resource.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';
import { formatQuantity, fromMilli } from '../../../apimachinery/quantity/quantity.ts';
import type { ApiServer } from '../../apiServer.ts';
import { answer, methodNotAllowed, refuse } from '../answer.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import type { RequestInfo } from '../requestInfo.ts';
import { CUSTOM_METRICS, EXTERNAL_METRICS } from './heldGroups.ts';

/** Undefined: not a question for these APIs, or nobody serves them. */
export function heldMetrics(api: ApiServer, request: HttpRequest, info: RequestInfo): HttpResponse | undefined {
  const group = [CUSTOM_METRICS, EXTERNAL_METRICS].find((one) => one.group === info.group);
  if (group === undefined || !group.versions.includes(info.version) || !api.catalog.isServedVersion(info.group, info.version))
    return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(methodNotAllowed());
  const labels = selectorIn(request.query, group === EXTERNAL_METRICS ? 'labelSelector' : 'metricLabelSelector');
  const objects = selectorIn(request.query, 'labelSelector');
  if (labels === undefined || objects === undefined) return refuse(errors.badRequest('unable to parse the selector'));
  const metrics = api.store.list(groupResource(METRICS), info.namespace) as readonly Metric[];
  if (group === EXTERNAL_METRICS) return external(api, info, metrics, labels);
  return custom(api, info, { metrics, labels, objects });
}

interface Question {
  readonly metrics: readonly Metric[];
  readonly labels: Selector;
  readonly objects: Selector;
}

function external(api: ApiServer, { version, resource }: RequestInfo, metrics: readonly Metric[], labels: Selector): HttpResponse {
  if (!metrics.some((metric) => isExternal(metric) && metricName(metric) === resource))
    return refuse(errors.failure(404, 'NotFound', `the server could not find the metric ${resource} for namespaces`));
  const items = externalValues(metrics, resource, labels).map(({ metric, milli }) => ({
    metricName: resource,
    metricLabels: { ...metric.spec?.labels },
    timestamp: formatTime(api.registry.now()),
    value: valueText(milli),
  }));
  return answer({ kind: 'ExternalMetricValueList', apiVersion: `${EXTERNAL_METRICS.group}/${version}`, metadata: {}, items });
}

/** `…/pods/web-1/NAME`, `…/services/web/NAME`; `…/metrics/NAME` is about the namespace itself. */
function custom(api: ApiServer, info: RequestInfo, { metrics, labels, objects }: Question): HttpResponse {
  const { version, namespace } = info;
  const [resource, name, metric] =
    info.resource === 'metrics' && info.subresource === ''
      ? ['namespaces', namespace, info.name]
      : [info.resource, info.name, info.subresource];
  const notFound = (): HttpResponse =>
    refuse(
      errors.failure(404, 'NotFound', `the server could not find the metric ${metric} for ${resource}${name === '*' ? '' : ` ${name}`}`),
    );
  const item = (kind: string, apiVersion: string, object: string, { metric: held, milli }: MetricValue): object => ({
    describedObject: { kind, ...(kind === 'Namespace' ? {} : { namespace }), name: object, apiVersion },
    ...(version === 'v1beta1'
      ? { metricName: metric }
      : { metric: { name: metric, selector: held.spec?.labels === undefined ? null : { matchLabels: held.spec.labels } } }),
    timestamp: formatTime(api.registry.now()),
    value: valueText(milli),
  });
  const list = (items: readonly object[]): HttpResponse =>
    answer({ kind: 'MetricValueList', apiVersion: `${CUSTOM_METRICS.group}/${version}`, metadata: {}, items });
  if (resource === 'pods') {
    const pods = (api.store.list(groupResource(PODS), namespace) as readonly Pod[]).filter(({ metadata }) =>
      name === '*' ? matches(objects, metadata.labels) : metadata.name === name,
    );
    const items = pods.flatMap((pod) => {
      const value = podValue(metrics, metric, labels, pod);
      return value === undefined ? [] : [item('Pod', '/v1', pod.metadata.name ?? '', value)];
    });
    return items.length === 0 && (name !== '*' || !isCustomName(metrics, metric)) ? notFound() : list(items);
  }
  const [plural = '', ...group] = resource.split('.');
  const kind = typeOf(api, group.join('.'), plural);
  const value = kind === undefined ? undefined : objectValue(metrics, metric, labels, { kind: kind.kind, name });
  return kind === undefined || value === undefined ? notFound() : list([item(kind.kind, `${kind.group}/${kind.version}`, name, value)]);
}

function typeOf({ catalog }: ApiServer, group: string, plural: string): ResourceType | undefined {
  const version = group === '' ? 'v1' : catalog.groups().find((each) => each.group === group)?.preferred;
  return version === undefined ? undefined : catalog.find(group, version, plural)?.type;
}

function selectorIn(query: URLSearchParams, name: string): Selector | undefined {
  const parsed = parseSelector(query.get(name) ?? '');
  return 'error' in parsed ? undefined : parsed.selector;
}

function valueText(milli: number): string {
  return formatQuantity(fromMilli(milli, 'DecimalSI'));
}
