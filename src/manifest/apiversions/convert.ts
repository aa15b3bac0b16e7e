/**
 * Objects of versions that are gone, as the version has them that took their place: fields moved, renamed and given the values that
 * were once defaults and are now required.
 * Invariant: pure; what is of no known form is carried over as it is, for validation to judge. Counterpart: the internal conversions
 * of `pkg/apis`, for versions that no code is left for.
 */
import { isRecord } from '../recognise.ts';
import { convertDefinition } from './definitions.ts';
import { LIVES } from './releases.ts';

type Fields = Readonly<Record<string, unknown>>;
type Conversion = (value: Fields) => Fields;

/** The object in the version that takes the place of its own; undefined if nothing does. */
export function convert(value: Fields): Fields | undefined {
  const kind = `${String(value['apiVersion'])}/${String(value['kind'])}`;
  const instead = LIVES[kind]?.instead;
  if (instead === undefined) return undefined;
  return { ...(CONVERSIONS[kind]?.(value) ?? value), apiVersion: instead };
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'extensions/v1beta1/Deployment': inSpec(workload),
  'extensions/v1beta1/DaemonSet': inSpec(workload),
  'extensions/v1beta1/ReplicaSet': inSpec(workload),
  'apps/v1beta1/Deployment': inSpec(workload),
  'apps/v1beta1/StatefulSet': inSpec(workload),
  'apps/v1beta2/Deployment': inSpec(workload),
  'apps/v1beta2/DaemonSet': inSpec(workload),
  'apps/v1beta2/ReplicaSet': inSpec(workload),
  'apps/v1beta2/StatefulSet': inSpec(workload),
  'extensions/v1beta1/Ingress': ingress,
  'networking.k8s.io/v1beta1/Ingress': ingress,
  'autoscaling/v2beta1/HorizontalPodAutoscaler': inSpec(autoscaler),
  'certificates.k8s.io/v1beta1/CertificateSigningRequest': inSpec((spec) => ({
    signerName: 'kubernetes.io/kube-apiserver-client',
    ...spec,
  })),
  'admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration': webhooks,
  'apiextensions.k8s.io/v1beta1/CustomResourceDefinition': convertDefinition,
  'discovery.k8s.io/v1beta1/EndpointSlice': endpoints,
  'flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration': inSpec(priorityLevel),
  'flowcontrol.apiserver.k8s.io/v1beta2/PriorityLevelConfiguration': inSpec(priorityLevel),
};

function inSpec(change: Conversion): Conversion {
  return (value) => (isRecord(value['spec']) ? { ...value, spec: change(value['spec']) } : value);
}

function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function renamed(fields: Fields, from: string, to: string): Fields {
  return from in fields ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name === from ? to : name, value])) : fields;
}

function each(value: unknown, change: (item: Fields) => unknown): unknown {
  return Array.isArray(value) ? value.map((item: unknown) => (isRecord(item) ? change(item) : item)) : value;
}

/** `spec.selector` was that of the template where none was given; `rollbackTo` is gone. */
function workload(spec: Fields): Fields {
  const rest = without(spec, 'rollbackTo', 'templateGeneration');
  const { template } = rest;
  const labels = isRecord(template) && isRecord(template['metadata']) ? template['metadata']['labels'] : undefined;
  return rest['selector'] !== undefined || !isRecord(labels) ? rest : { ...rest, selector: { matchLabels: labels } };
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The class moves from its annotation, backends name their Service in a map, and every path says how it is meant. */
function ingress(value: Fields): Fields {
  const { spec, metadata } = value;
  const annotations = isRecord(metadata) && isRecord(metadata['annotations']) ? metadata['annotations'] : {};
  const annotated = annotations[CLASS_ANNOTATION];
  let own = isRecord(spec) ? spec : undefined;
  if (own === undefined) return value;
  own = renamed(own, 'backend', 'defaultBackend');
  if (isRecord(own['defaultBackend'])) own = { ...own, defaultBackend: backend(own['defaultBackend']) };
  const rules = each(own['rules'], (rule) => {
    const { http } = rule;
    if (!isRecord(http)) return rule;
    const paths = each(http['paths'], (path) => ({
      ...path,
      pathType: path['pathType'] ?? 'ImplementationSpecific',
      ...(isRecord(path['backend']) ? { backend: backend(path['backend']) } : {}),
    }));
    return { ...rule, http: { ...http, paths } };
  });
  if (rules !== undefined) own = { ...own, rules };
  if (typeof annotated !== 'string' || own['ingressClassName'] !== undefined || !isRecord(metadata)) return { ...value, spec: own };
  const left = without(annotations, CLASS_ANNOTATION);
  const kept = Object.keys(left).length === 0 ? without(metadata, 'annotations') : { ...metadata, annotations: left };
  return { ...value, metadata: kept, spec: { ingressClassName: annotated, ...own } };
}

function backend(before: Fields): Fields {
  if (before['service'] !== undefined || before['serviceName'] === undefined) return before;
  const { serviceName, servicePort } = before;
  const port = typeof servicePort === 'number' ? { number: servicePort } : { name: servicePort };
  return { ...without(before, 'serviceName', 'servicePort'), service: { name: serviceName, port } };
}

/** Targets in the form of v2. */
function autoscaler(spec: Fields): Fields {
  if (!Array.isArray(spec['metrics'])) return spec;
  const metrics = each(spec['metrics'], (metric) => {
    const resource = (source: Fields): Fields => ({
      ...without(source, 'targetAverageUtilization', 'targetAverageValue'),
      target: target(source['targetAverageUtilization'], source['targetAverageValue'], undefined),
    });
    const named = (source: Fields, name: string, selector: string): Fields => ({
      metric: { name: source[name], ...(source[selector] === undefined ? {} : { selector: source[selector] }) },
    });
    const change: Readonly<Record<string, Conversion>> = {
      resource,
      containerResource: resource,
      pods: (source) => ({
        ...named(source, 'metricName', 'selector'),
        target: target(undefined, source['targetAverageValue'], undefined),
      }),
      object: (source) => ({
        describedObject: source['target'],
        ...named(source, 'metricName', 'selector'),
        target: target(undefined, source['averageValue'], source['targetValue']),
      }),
      external: (source) => ({
        ...named(source, 'metricName', 'metricSelector'),
        target: target(undefined, source['targetAverageValue'], source['targetValue']),
      }),
    };
    return Object.fromEntries(
      Object.entries(metric).map(([name, value]) => [name, isRecord(value) ? (change[name]?.(value) ?? value) : value]),
    );
  });
  return { ...spec, metrics };
}

function target(averageUtilization: unknown, averageValue: unknown, value: unknown): Fields {
  if (averageUtilization !== undefined) return { type: 'Utilization', averageUtilization };
  return averageValue === undefined ? { type: 'Value', value } : { type: 'AverageValue', averageValue };
}

/** What had defaults in v1beta1 and must be said in v1, with those defaults. */
function webhooks(value: Fields): Fields {
  const all = each(value['webhooks'], (webhook) => ({
    ...webhook,
    failurePolicy: webhook['failurePolicy'] ?? 'Ignore',
    matchPolicy: webhook['matchPolicy'] ?? 'Exact',
    timeoutSeconds: webhook['timeoutSeconds'] ?? 30,
    sideEffects: webhook['sideEffects'] === 'NoneOnDryRun' ? 'NoneOnDryRun' : 'None',
    admissionReviewVersions: webhook['admissionReviewVersions'] ?? ['v1beta1'],
  }));
  return all === undefined ? value : { ...value, webhooks: all };
}

const TOPOLOGY = { host: 'kubernetes.io/hostname', zone: 'topology.kubernetes.io/zone' } as const;

/** Topology became node and zone; what else it held is deprecated topology. */
function endpoints(value: Fields): Fields {
  const all = each(value['endpoints'], (endpoint) => {
    const { topology } = endpoint;
    if (!isRecord(topology)) return endpoint;
    const { [TOPOLOGY.host]: nodeName, [TOPOLOGY.zone]: zone, ...deprecatedTopology } = topology;
    return {
      ...without(endpoint, 'topology'),
      ...(endpoint['nodeName'] === undefined && nodeName !== undefined ? { nodeName } : {}),
      ...(zone === undefined ? {} : { zone }),
      ...(Object.keys(deprecatedTopology).length === 0 ? {} : { deprecatedTopology }),
    };
  });
  return all === undefined ? value : { ...value, endpoints: all };
}

function priorityLevel(spec: Fields): Fields {
  const { limited } = spec;
  return isRecord(limited) ? { ...spec, limited: renamed(limited, 'assuredConcurrencyShares', 'nominalConcurrencyShares') } : spec;
}
