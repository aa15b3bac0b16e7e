import { METRICS_GROUP, METRICS_RESOURCES } from './served.ts';

const VERSION = 'v1beta1';
const PREFIX = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';

export const METRICS_DOCUMENT = `apis/${METRICS_GROUP.group}/${VERSION}`;

const text = (description: string): object => ({ type: 'string', description });
const reference = (name: string): object => ({ $ref: `#/components/schemas/${PREFIX}.${name}` });

const USAGE = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'How much of each resource was used in the window before the timestamp: the CPU on average, the memory at its end.',
};

const COMMON = {
  apiVersion: text('The version of this form of the object.'),
  kind: text('The kind of the object.'),
  metadata: { type: 'object', description: 'The name of what was measured, and its labels.' },
  timestamp: { ...text('The end of the window that was measured.'), format: 'date-time' },
  window: text('How long the window is.'),
};

/** The OpenAPI document of the metrics API: what `kubectl explain` reads. */
export function metricsDocument(): string {
  const kinds = new Map(METRICS_RESOURCES.map(({ type }) => [type.kind, { group: type.group, version: type.version, kind: type.kind }]));
  const kind = (name: string, description: string, own: object): object => ({
    type: 'object',
    description,
    properties: { ...COMMON, ...own },
    'x-kubernetes-group-version-kind': [kinds.get(name)],
  });
  const paths = METRICS_RESOURCES.map(({ type }) => {
    const schema = reference(type.kind);
    const get = {
      responses: { '200': { description: 'OK', content: { 'application/json': { schema } } } },
      'x-kubernetes-action': 'list',
      'x-kubernetes-group-version-kind': kinds.get(type.kind),
    };
    return [`/${METRICS_DOCUMENT}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`, { get }] as const;
  });
  return JSON.stringify({
    openapi: '3.0.0',
    info: { title: 'Kubernetes metrics', version: VERSION },
    paths: Object.fromEntries(paths),
    components: {
      schemas: {
        [`${PREFIX}.NodeMetrics`]: kind('NodeMetrics', 'What a node uses.', { usage: USAGE }),
        [`${PREFIX}.PodMetrics`]: kind('PodMetrics', 'What the containers of a Pod use.', {
          containers: { type: 'array', description: 'One entry for each running container.', items: reference('ContainerMetrics') },
        }),
        [`${PREFIX}.ContainerMetrics`]: {
          type: 'object',
          description: 'What one container uses.',
          properties: { name: text('The name of the container.'), usage: USAGE },
        },
      },
    },
  });
}
