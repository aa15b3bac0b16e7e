/**
 * The flow schemas and priority levels that a fresh API server has. Requests are not queued by them here: the server is
 * one thread, and nobody waits.
 * Invariant: those of Kubernetes 1.36. Counterpart: k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap.
 */
import { FLOWSCHEMAS, PRIORITYLEVELCONFIGURATIONS } from '../../api/schema/resources.ts';
import type {
  FlowSchema,
  NonResourcePolicyRule,
  PriorityLevelConfiguration,
  ResourcePolicyRule,
  Subject,
} from '../../api/schema/types/flowcontrol/v1.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';

const ANNOTATIONS = { 'apf.kubernetes.io/autoupdate-spec': 'true' };
const AUTHENTICATED = 'Group system:authenticated';
const UNAUTHENTICATED = 'Group system:unauthenticated';

const EVERYTHING: ResourcePolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
const EVERY_PATH: NonResourcePolicyRule = { verbs: ['*'], nonResourceURLs: ['*'] };

interface Level {
  readonly shares: number;
  readonly lendable: number;
  /** Queues, hand size, length of a queue; without them what is too much is refused. */
  readonly queues?: readonly [number, number, number];
}

const LEVELS: Readonly<Record<string, Level>> = {
  'catch-all': { shares: 5, lendable: 0 },
  'global-default': { shares: 20, lendable: 50, queues: [128, 6, 50] },
  'leader-election': { shares: 10, lendable: 0, queues: [16, 4, 50] },
  'node-high': { shares: 40, lendable: 25, queues: [64, 6, 50] },
  system: { shares: 30, lendable: 33, queues: [64, 6, 50] },
  'workload-high': { shares: 40, lendable: 50, queues: [128, 6, 50] },
  'workload-low': { shares: 100, lendable: 90, queues: [128, 6, 50] },
};

interface Schema {
  readonly name: string;
  readonly level: string;
  readonly precedence: number;
  readonly by?: 'ByUser' | 'ByNamespace';
  readonly subjects: readonly string[];
  readonly resources?: readonly ResourcePolicyRule[];
  readonly paths?: readonly NonResourcePolicyRule[];
}

const SCHEMAS: readonly Schema[] = [
  { name: 'exempt', level: 'exempt', precedence: 1, subjects: ['Group system:masters'] },
  {
    name: 'probes',
    level: 'exempt',
    precedence: 2,
    subjects: [UNAUTHENTICATED, AUTHENTICATED],
    resources: [],
    paths: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  },
  {
    name: 'system-leader-election',
    level: 'leader-election',
    precedence: 100,
    by: 'ByUser',
    subjects: ['User system:kube-controller-manager', 'User system:kube-scheduler', 'ServiceAccount kube-system/*'],
    resources: [{ verbs: ['get', 'create', 'update'], apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] }],
    paths: [],
  },
  {
    name: 'system-node-high',
    level: 'node-high',
    precedence: 400,
    by: 'ByUser',
    subjects: ['Group system:nodes'],
    resources: [
      { verbs: ['*'], apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: ['*'] },
      { verbs: ['*'], apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] },
    ],
    paths: [],
  },
  { name: 'system-nodes', level: 'system', precedence: 500, by: 'ByUser', subjects: ['Group system:nodes'] },
  {
    name: 'kube-controller-manager',
    level: 'workload-high',
    precedence: 800,
    by: 'ByNamespace',
    subjects: ['User system:kube-controller-manager'],
  },
  { name: 'kube-scheduler', level: 'workload-high', precedence: 800, by: 'ByNamespace', subjects: ['User system:kube-scheduler'] },
  {
    name: 'kube-system-service-accounts',
    level: 'workload-high',
    precedence: 900,
    by: 'ByNamespace',
    subjects: ['ServiceAccount kube-system/*'],
  },
  { name: 'service-accounts', level: 'workload-low', precedence: 9000, by: 'ByUser', subjects: ['Group system:serviceaccounts'] },
  { name: 'global-default', level: 'global-default', precedence: 9900, by: 'ByUser', subjects: [UNAUTHENTICATED, AUTHENTICATED] },
  { name: 'catch-all', level: 'catch-all', precedence: 10_000, by: 'ByUser', subjects: [UNAUTHENTICATED, AUTHENTICATED] },
];

/** The objects in the order in which they refer to each other; the status of schemas says that their level is there. */
export function flowControlPolicy(): readonly { readonly type: ResourceType; readonly object: KubeObject; readonly status?: object }[] {
  return [
    { type: PRIORITYLEVELCONFIGURATIONS, object: exemptLevel() },
    ...Object.entries(LEVELS).map(([name, level]) => ({ type: PRIORITYLEVELCONFIGURATIONS, object: limitedLevel(name, level) })),
    ...SCHEMAS.map((schema) => ({ type: FLOWSCHEMAS, object: flowSchema(schema), status: schemaStatus(schema) })),
  ];
}

function exemptLevel(): PriorityLevelConfiguration {
  const exempt = { nominalConcurrencyShares: 0, lendablePercent: 0 };
  return { metadata: { name: 'exempt', annotations: { ...ANNOTATIONS } }, spec: { type: 'Exempt', exempt } };
}

function limitedLevel(name: string, { shares, lendable, queues }: Level): PriorityLevelConfiguration {
  const [count = 0, handSize = 0, queueLengthLimit = 0] = queues ?? [];
  const limitResponse =
    queues === undefined ? { type: 'Reject' as const } : { type: 'Queue' as const, queuing: { queues: count, handSize, queueLengthLimit } };
  return {
    metadata: { name, annotations: { ...ANNOTATIONS } },
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: shares, lendablePercent: lendable, limitResponse } },
  };
}

function flowSchema({ name, level, precedence, by, subjects, resources, paths }: Schema): FlowSchema {
  const rule = {
    subjects: subjects.map(subject),
    resourceRules: resources ?? [EVERYTHING],
    nonResourceRules: paths ?? [EVERY_PATH],
  };
  return {
    metadata: { name, annotations: { ...ANNOTATIONS } },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(by === undefined ? {} : { distinguisherMethod: { type: by } }),
      rules: [rule],
    },
  };
}

function schemaStatus({ level }: Schema): object {
  const message = `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`;
  return { conditions: [{ type: 'Dangling', status: 'False', reason: 'Found', message }] };
}

function subject(text: string): Subject {
  const [kind = '', name = ''] = text.split(' ');
  if (kind === 'Group') return { kind, group: { name } };
  if (kind === 'User') return { kind, user: { name } };
  const [namespace = '', account = ''] = name.split('/');
  return { kind, serviceAccount: { namespace, name: account } };
}
