/** The schema of Load, in the form of the recorded facts. The descriptions are what a person reads over a field. */
import type { Schema, SchemaSet } from '../../../apimachinery/scheme/schema.ts';
import type { GoFacts } from '../../../apimachinery/scheme/typeNode.ts';
import { FAILURE_CAUSES, LOAD_SHAPES } from './types.ts';

const PREFIX = 'dev.kubepad.v1';
const text = (description: string): Schema => ({ type: 'string', description });
const count = (description: string): Schema => ({ type: 'integer', format: 'int32', description });
const number = (description: string): Schema => ({ type: 'number', format: 'double', description });
const total = (description: string): Schema => ({ type: 'integer', format: 'int64', description });

export const LOAD_SCHEMAS: SchemaSet['definitions'] = {
  [`${PREFIX}.LoadSpec`]: {
    type: 'object',
    properties: {
      target: { ref: `${PREFIX}.LoadTarget`, description: 'Where requests go: a Service or a URL.' },
      rate: { ref: `${PREFIX}.LoadRate`, description: 'Requests per second over time.' },
      clients: { ref: `${PREFIX}.LoadClients`, description: 'Who sends them.' },
      cost: text('CPU time that a request costs the Pod that answers it, such as 10ms. Default: what the image says, else 5ms.'),
      timeout: text('How long a client waits for an answer. Default 10s.'),
      from: text('When it begins: a time, or a duration after the object was made. Default: at once.'),
      duration: text('How long it lasts. Default: until the object is deleted.'),
    },
  },
  [`${PREFIX}.LoadTarget`]: {
    type: 'object',
    properties: {
      service: { ref: `${PREFIX}.LoadService`, description: 'Clients inside of the cluster find the Service by its name.' },
      url: text('Clients outside come through an Ingress, a load balancer or the port of a node: http://shop.example.com/cart.'),
    },
  },
  [`${PREFIX}.LoadService`]: {
    type: 'object',
    required: ['name'],
    properties: {
      namespace: text('The namespace of the Service. Default: default.'),
      name: text('The name of the Service.'),
      port: count('A port of the Service. Default: its first.'),
      path: text('The path of the requests. Default /.'),
    },
  },
  [`${PREFIX}.LoadRate`]: {
    type: 'object',
    required: ['requestsPerSecond'],
    properties: {
      shape: { type: 'string', enum: [...LOAD_SHAPES], description: 'How the rate changes over time. Default Constant.' },
      requestsPerSecond: number('The rate all the time; where the shape has a peak, at its foot.'),
      peak: number('Ramp: the rate at the end. Spike, Wave: the highest rate.'),
      period: text('Ramp: how long the rate grows (default 5m). Wave: from one foot to the next (default 10m).'),
      after: text('Spike: when it comes, after the beginning. Default 1m.'),
      length: text('Spike: how long it stays. Default 1m.'),
    },
  },
  [`${PREFIX}.LoadClients`]: {
    type: 'object',
    properties: {
      count: count('How many clients there are. Default 100.'),
      pods: {
        ref: `${PREFIX}.LoadPods`,
        description: 'The Pods that send. Default: clients on all nodes, with the label kubepad.dev/load.',
      },
    },
  },
  [`${PREFIX}.LoadPods`]: {
    type: 'object',
    properties: {
      namespace: text('Their namespace. Default: default.'),
      selector: {
        ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
        description: 'Their labels. Default: all Pods of the namespace.',
      },
    },
  },
  [`${PREFIX}.LoadFailure`]: {
    type: 'object',
    required: ['cause', 'count'],
    properties: { cause: { type: 'string', enum: [...FAILURE_CAUSES], description: 'Why.' }, count: total('How many requests.') },
  },
  [`${PREFIX}.LoadLatency`]: {
    type: 'object',
    properties: { p50: text('Half of the answers are faster.'), p90: text('90 % are faster.'), p99: text('99 % are faster.') },
  },
  [`${PREFIX}.LoadStatus`]: {
    type: 'object',
    properties: {
      phase: { type: 'string', enum: ['Active', 'Ended', 'Pending'], description: 'Whether requests are sent.' },
      activeSince: text('When it began.'),
      endsAt: text('When it will end, or has ended.'),
      requestsPerSecond: number('The rate now.'),
      sent: total('Requests that were sent.'),
      answered: total('Requests that got a good answer.'),
      failed: total('Requests that did not.'),
      failures: {
        type: 'array',
        items: { default: {}, ref: `${PREFIX}.LoadFailure` },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['cause'],
        description: 'Why they did not.',
      },
      latency: { ref: `${PREFIX}.LoadLatency`, description: 'How long the answers of the last seconds took.' },
      message: text('Why requests fail now.'),
    },
  },
};

export const LOAD_GO_FACTS: GoFacts = {
  [`${PREFIX}.LoadSpec`]: 'target* rate* clients* cost timeout from duration',
  [`${PREFIX}.LoadTarget`]: 'service* url',
  [`${PREFIX}.LoadService`]: 'namespace name! port* path',
  [`${PREFIX}.LoadRate`]: 'shape requestsPerSecond! peak* period after length',
  [`${PREFIX}.LoadClients`]: 'count* pods*',
  [`${PREFIX}.LoadPods`]: 'namespace selector*',
  [`${PREFIX}.LoadFailure`]: 'cause! count!',
  [`${PREFIX}.LoadLatency`]: 'p50 p90 p99',
  [`${PREFIX}.LoadStatus`]: 'phase activeSince endsAt requestsPerSecond! sent! answered! failed! failures latency* message',
};
