/**
 * The schema of group kubepad.dev in the form of the recorded facts, so that decoding, documents, completion and hovers
 * need to know nothing special.
 */
import type { Schema, SchemaSet } from '../../apimachinery/scheme/schema.ts';
import type { GoFacts } from '../../apimachinery/scheme/typeNode.ts';
import type { ResourceFact } from '../generic/strategy.ts';
import { COMPONENTS } from './fault/components.ts';
import { IMAGE_GO_FACTS, IMAGE_SCHEMAS } from './image/schema.ts';
import { LOAD_GO_FACTS, LOAD_SCHEMAS } from './load/schema.ts';
import { INSTANCE_TYPES } from './nodepool/instanceTypes.ts';
import { KUBELET_CONFIGURATION_GO_FACTS, KUBELET_CONFIGURATION_SCHEMA } from './nodepool/kubeletConfiguration.ts';
import { FAULT_TYPES, IMAGE_ERRORS, PROBE_TYPES } from './types.ts';

const PREFIX = 'dev.kubepad.v1';
const META = { default: {}, ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
const INT_OR_STRING: Schema = { ref: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString' };
const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', additionalProperties: TEXT };
const LIST: Schema = { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'atomic' };
const COUNT: Schema = { type: 'integer', format: 'int32' };
const FLAG: Schema = { type: 'boolean' };
const QUANTITY: Schema = { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' };
const SELECTOR: Schema = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector' };

const FAULT_SCHEMAS: SchemaSet['definitions'] = {
  [`${PREFIX}.Fault`]: kind('Fault'),
  [`${PREFIX}.FaultSpec`]: {
    type: 'object',
    properties: {
      type: { type: 'string', enum: [...FAULT_TYPES] },
      target: { default: {}, ref: `${PREFIX}.FaultTarget` },
      from: TEXT,
      duration: TEXT,
      error: { type: 'string', enum: [...IMAGE_ERRORS] },
      latency: TEXT,
      exitCode: COUNT,
      after: TEXT,
      rate: QUANTITY,
      probes: { type: 'array', items: { type: 'string', enum: [...PROBE_TYPES] }, 'x-kubernetes-list-type': 'set' },
      available: TEXT,
      shutdownGracePeriod: TEXT,
      shutdownGracePeriodCriticalPods: TEXT,
      shutdownGracePeriodByPodPriority: {
        type: 'array',
        items: { default: {}, ref: `${PREFIX}.ShutdownGracePeriod` },
        'x-kubernetes-list-type': 'atomic',
      },
    },
  },
  [`${PREFIX}.FaultTarget`]: {
    type: 'object',
    properties: {
      node: TEXT,
      zone: TEXT,
      pods: { ref: `${PREFIX}.FaultPods` },
      image: TEXT,
      component: { type: 'string', enum: [...COMPONENTS] },
    },
  },
  [`${PREFIX}.ShutdownGracePeriod`]: {
    type: 'object',
    properties: { priority: COUNT, shutdownGracePeriodSeconds: { type: 'integer', format: 'int64' } },
  },
  [`${PREFIX}.FaultPods`]: {
    type: 'object',
    properties: { namespace: TEXT, name: TEXT, selector: SELECTOR, container: TEXT },
  },
  [`${PREFIX}.FaultStatus`]: {
    type: 'object',
    properties: {
      phase: { type: 'string', enum: ['Active', 'Ended', 'Pending'] },
      activeSince: TEXT,
      endsAt: TEXT,
      hits: COUNT,
      hit: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'atomic' },
      conditions: {
        type: 'array',
        items: { default: {}, ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.Condition' },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      },
    },
  },
};

export const KUBEPAD_SCHEMAS: SchemaSet = {
  definitions: {
    [`${PREFIX}.Clock`]: kind('Clock'),
    [`${PREFIX}.ClockSpec`]: {
      type: 'object',
      properties: { paused: FLAG, speed: INT_OR_STRING, step: TEXT, runUntil: TEXT, limit: TEXT, requestID: TEXT },
    },
    [`${PREFIX}.ClockStatus`]: {
      type: 'object',
      properties: {
        now: TEXT,
        settled: FLAG,
        stable: FLAG,
        eventsWaiting: COUNT,
        observedRequestID: TEXT,
        reason: { type: 'string', enum: ['BudgetReached', 'Done', 'LimitReached'] },
        message: TEXT,
      },
    },
    [`${PREFIX}.NodePool`]: kind('NodePool'),
    [`${PREFIX}.NodePoolSpec`]: {
      type: 'object',
      properties: {
        count: COUNT,
        min: COUNT,
        max: COUNT,
        provisioningDelay: TEXT,
        instanceType: { type: 'string', enum: [...INSTANCE_TYPES.keys()] },
        resources: { type: 'object', additionalProperties: { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } },
        nodeNames: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
        zones: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
        labels: TEXTS,
        taints: { type: 'array', items: { default: {}, ref: 'io.k8s.api.core.v1.Taint' }, 'x-kubernetes-list-type': 'atomic' },
        devices: {
          type: 'array',
          items: { default: {}, ref: `${PREFIX}.PoolDevices` },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['driver'],
        },
        kubelet: { type: 'string', enum: ['fast', 'manual', 'realistic'] },
        kubeletConfiguration: { ref: `${PREFIX}.KubeletConfiguration` },
        staticPods: {
          type: 'array',
          items: { default: {}, ref: 'io.k8s.api.core.v1.PodTemplateSpec' },
          'x-kubernetes-list-type': 'atomic',
        },
      },
    },
    [`${PREFIX}.Metric`]: kind('Metric', false),
    [`${PREFIX}.MetricSpec`]: {
      type: 'object',
      properties: {
        name: TEXT,
        labels: TEXTS,
        value: QUANTITY,
        pods: { ref: `${PREFIX}.MetricPods` },
        describedObject: { ref: `${PREFIX}.MetricObject` },
      },
    },
    [`${PREFIX}.MetricPods`]: { type: 'object', properties: { selector: SELECTOR } },
    [`${PREFIX}.MetricObject`]: { type: 'object', properties: { apiVersion: TEXT, kind: TEXT, name: TEXT } },
    [`${PREFIX}.PoolDevices`]: {
      type: 'object',
      required: ['driver'],
      properties: {
        driver: TEXT,
        count: COUNT,
        attributes: { type: 'object', additionalProperties: { default: {}, ref: 'io.k8s.api.resource.v1.DeviceAttribute' } },
        capacity: { type: 'object', additionalProperties: { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } },
      },
    },
    [`${PREFIX}.KubeletConfiguration`]: KUBELET_CONFIGURATION_SCHEMA,
    [`${PREFIX}.NodePoolStatus`]: {
      type: 'object',
      properties: { nodes: COUNT, pending: COUNT, message: TEXT, autoscaler: { ref: `${PREFIX}.NodePoolAutoscalerStatus` } },
    },
    [`${PREFIX}.NodePoolAutoscalerStatus`]: {
      type: 'object',
      properties: { scaleUp: TEXT, notScaledUp: LIST, unneeded: LIST, unremovable: LIST },
    },
    ...FAULT_SCHEMAS,
    [`${PREFIX}.Image`]: kind('Image'),
    ...IMAGE_SCHEMAS,
    [`${PREFIX}.Load`]: kind('Load'),
    ...LOAD_SCHEMAS,
  },
  kinds: {
    'kubepad.dev/v1/Clock': `${PREFIX}.Clock`,
    'kubepad.dev/v1/Fault': `${PREFIX}.Fault`,
    'kubepad.dev/v1/Image': `${PREFIX}.Image`,
    'kubepad.dev/v1/Load': `${PREFIX}.Load`,
    'kubepad.dev/v1/Metric': `${PREFIX}.Metric`,
    'kubepad.dev/v1/NodePool': `${PREFIX}.NodePool`,
  },
};

/** Which absent values differ from zero ones (`*`), and which are printed although zero (`!`). */
export const KUBEPAD_GO_FACTS: GoFacts = {
  [`${PREFIX}.ClockSpec`]: 'paused speed* step runUntil limit requestID',
  [`${PREFIX}.ClockStatus`]: 'now settled! stable! eventsWaiting! observedRequestID reason message',
  [`${PREFIX}.FaultSpec`]:
    'type! target from duration error latency exitCode* after rate probes available shutdownGracePeriod shutdownGracePeriodCriticalPods shutdownGracePeriodByPodPriority',
  [`${PREFIX}.ShutdownGracePeriod`]: 'priority! shutdownGracePeriodSeconds!',
  [`${PREFIX}.FaultTarget`]: 'node zone pods* image component',
  [`${PREFIX}.FaultPods`]: 'namespace name selector* container',
  [`${PREFIX}.FaultStatus`]: 'phase activeSince endsAt hits hit conditions',
  ...IMAGE_GO_FACTS,
  ...LOAD_GO_FACTS,
  [`${PREFIX}.MetricSpec`]: 'name labels value* pods* describedObject*',
  [`${PREFIX}.MetricPods`]: 'selector*',
  [`${PREFIX}.MetricObject`]: 'apiVersion kind! name!',
  [`${PREFIX}.NodePoolSpec`]:
    'count* min* max* provisioningDelay instanceType resources nodeNames zones labels taints devices kubelet kubeletConfiguration* staticPods',
  [`${PREFIX}.KubeletConfiguration`]: KUBELET_CONFIGURATION_GO_FACTS,
  [`${PREFIX}.PoolDevices`]: 'driver! count* attributes capacity',
  [`${PREFIX}.NodePoolStatus`]: 'nodes! pending message autoscaler*',
  [`${PREFIX}.NodePoolAutoscalerStatus`]: 'scaleUp notScaledUp unneeded unremovable',
};

export const KUBEPAD_GROUP = { group: 'kubepad.dev', preferred: 'v1', versions: ['v1'] } as const;

export const KUBEPAD_RESOURCES: readonly ResourceFact[] = [
  fact('Clock', 'clocks', []),
  fact('Fault', 'faults', []),
  fact('Image', 'images', ['img']),
  fact('Load', 'loads', []),
  fact('Metric', 'metrics', [], { namespaced: true, hasStatus: false }),
  fact('NodePool', 'nodepools', ['np']),
];

function kind(name: string, hasStatus = true): Schema {
  return {
    type: 'object',
    properties: {
      apiVersion: TEXT,
      kind: TEXT,
      metadata: META,
      spec: { default: {}, ref: `${PREFIX}.${name}Spec` },
      ...(hasStatus ? { status: { default: {}, ref: `${PREFIX}.${name}Status` } } : {}),
    },
  };
}

function fact(
  name: string,
  plural: string,
  shortNames: readonly string[],
  { namespaced, hasStatus } = { namespaced: false, hasStatus: true },
): ResourceFact {
  return {
    group: 'kubepad.dev',
    version: 'v1',
    kind: name,
    plural,
    singular: name.toLowerCase(),
    namespaced,
    preferred: true,
    shortNames,
    categories: [],
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: hasStatus ? [{ name: 'status', group: '', version: '', kind: name }] : [],
  };
}
