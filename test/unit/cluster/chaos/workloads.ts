import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { Dice } from './dice.ts';

export interface Answered {
  readonly code: number;
  readonly body: string;
}

/** A request as a user makes it. */
export function ask(cluster: Cluster, method: string, path: string, body?: object, type = 'application/json'): Answered {
  const answer = handleRequest(cluster.api, {
    method,
    path,
    query: new URLSearchParams(),
    headers: { 'content-type': type },
    body: body === undefined ? '' : JSON.stringify(body),
    user: ADMIN,
  });
  return answer.kind === 'response' ? { code: answer.code, body: String(answer.body) } : { code: 0, body: '' };
}

export function patch(cluster: Cluster, path: string, body: object): number {
  return ask(cluster, 'PATCH', path, body, 'application/merge-patch+json').code;
}

const of = (group: string, plural: string): string => `/${group}/namespaces/default/${plural}`;

export const PATHS = {
  Deployment: of('apis/apps/v1', 'deployments'),
  StatefulSet: of('apis/apps/v1', 'statefulsets'),
  DaemonSet: of('apis/apps/v1', 'daemonsets'),
  ReplicationController: of('api/v1', 'replicationcontrollers'),
  Job: of('apis/batch/v1', 'jobs'),
  CronJob: of('apis/batch/v1', 'cronjobs'),
  Pod: of('api/v1', 'pods'),
  PersistentVolumeClaim: of('api/v1', 'persistentvolumeclaims'),
  Service: of('api/v1', 'services'),
  ResourceQuota: of('api/v1', 'resourcequotas'),
  PodDisruptionBudget: of('apis/policy/v1', 'poddisruptionbudgets'),
  HorizontalPodAutoscaler: of('apis/autoscaling/v2', 'horizontalpodautoscalers'),
} as const;

export type Kind = keyof typeof PATHS;
export const KINDS = Object.keys(PATHS) as readonly Kind[];
export const FAULTS_PATH = '/apis/kubepad.dev/v1/faults';
/** Each kind has so many names. */
export const NAMES = 3;

/** What objects of a kind are called: those that are about another object have its name. */
export function nameOf(kind: Kind, dice: Dice): string {
  const index = dice.int(NAMES);
  if (kind === 'Service' || kind === 'PodDisruptionBudget') return `${dice.pick(['deployment', 'statefulset'])}-${index}`;
  return `${kind === 'HorizontalPodAutoscaler' ? 'deployment' : kind.toLowerCase()}-${index}`;
}

interface TemplateOptions {
  readonly version: number;
  readonly program?: string;
  readonly restartPolicy?: string;
  readonly volumes?: readonly object[];
}

/** Pods serve and are ready when they answer, unless a program of their own says what they do. */
function template(name: string, { version, program, restartPolicy, volumes = [] }: TemplateOptions): object {
  return {
    metadata: { labels: { app: name }, annotations: { 'kubepad.dev/program.main': program ?? 'serve 80 200; run' } },
    spec: {
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
      containers: [
        {
          name: 'main',
          image: `registry.test/app:${version}`,
          resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
          ...(program === undefined ? { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 10 } } : {}),
        },
      ],
      volumes,
    },
  };
}

const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const ephemeral = { name: 'own', ephemeral: { volumeClaimTemplate: { spec: claimSpec } } };
const amount = (dice: Dice): number | string => dice.pick([0, 1, 2, '10%', '25%', '50%']);

/** An object of the kind. Fields that may not change follow from the name, so that the same name can be applied again. */
export function workload(kind: Kind, name: string, dice: Dice): object {
  const index = Number(name.at(-1));
  const version = dice.int(3);
  const selector = { matchLabels: { app: name } };
  return { kind, metadata: { name }, ...body() };

  function body(): object {
    switch (kind) {
      case 'Deployment':
        return { apiVersion: 'apps/v1', spec: deployment() };
      case 'StatefulSet':
        return { apiVersion: 'apps/v1', spec: statefulSet() };
      case 'DaemonSet':
        return { apiVersion: 'apps/v1', spec: daemonSet() };
      case 'ReplicationController':
        return { apiVersion: 'v1', spec: { replicas: dice.int(4), selector: { app: name }, template: template(name, { version }) } };
      case 'Job':
        return { apiVersion: 'batch/v1', spec: job() };
      case 'CronJob':
        return { apiVersion: 'batch/v1', spec: cronJob() };
      case 'Pod':
        return { apiVersion: 'v1', ...pod(), metadata: { name, labels: { app: name } } };
      case 'PersistentVolumeClaim':
        return { apiVersion: 'v1', spec: claimSpec };
      case 'Service':
        return { apiVersion: 'v1', spec: service() };
      case 'ResourceQuota':
        return { apiVersion: 'v1', spec: { hard: { pods: String(dice.between(10, 80)), 'count/jobs.batch': '30', 'requests.cpu': '6' } } };
      case 'PodDisruptionBudget':
        return { apiVersion: 'policy/v1', spec: budget() };
      case 'HorizontalPodAutoscaler':
        return { apiVersion: 'autoscaling/v2', spec: autoscaler() };
    }
  }

  function deployment(): object {
    const surge = amount(dice);
    const rollingUpdate = { maxSurge: surge, maxUnavailable: surge === 0 ? 1 : amount(dice) };
    return {
      replicas: dice.int(8),
      selector,
      minReadySeconds: dice.pick([0, 0, 10]),
      revisionHistoryLimit: dice.pick([0, 2, 10]),
      progressDeadlineSeconds: dice.pick([60, 600]),
      paused: dice.once(12),
      strategy: dice.once(5)
        ? { type: 'Recreate', rollingUpdate: null }
        : {
            type: 'RollingUpdate',
            rollingUpdate: rollingUpdate.maxUnavailable === 0 && surge === '0%' ? { maxSurge: 1, maxUnavailable: 0 } : rollingUpdate,
          },
      template: template(name, { version, ...(index === 2 ? { volumes: [ephemeral] } : {}) }),
    };
  }

  function statefulSet(): object {
    const claims = [{ metadata: { name: 'data' }, spec: claimSpec }];
    return {
      replicas: dice.int(5),
      serviceName: name,
      selector,
      podManagementPolicy: index === 1 ? 'Parallel' : 'OrderedReady',
      ...(index < 2 ? { volumeClaimTemplates: claims } : {}),
      ...(index === 1 ? { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } } : {}),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: dice.pick([0, 0, 0, 1]) } },
      template: template(name, { version }),
    };
  }

  function daemonSet(): object {
    const surges = dice.once(2);
    const rollingUpdate = surges ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: dice.pick([1, 2, '50%']) };
    return { selector, updateStrategy: { type: 'RollingUpdate', rollingUpdate }, template: template(name, { version }) };
  }

  function job(): object {
    const program = dice.pick(['sleep 20; exit 0', 'sleep 5; exit 0', 'sleep 5; exit 1 | sleep 5; exit 0', 'sleep 3; exit 1']);
    const completions = dice.between(1, 5);
    return {
      completions,
      parallelism: dice.between(1, 3),
      backoffLimit: dice.pick([2, 6]),
      ...(dice.once(2) ? { completionMode: 'Indexed', ...(dice.once(2) ? { backoffLimitPerIndex: 1 } : {}) } : {}),
      ...(dice.once(3) ? { ttlSecondsAfterFinished: dice.pick([0, 30, 900]) } : {}),
      ...(dice.once(4) ? { activeDeadlineSeconds: dice.between(30, 600) } : {}),
      suspend: dice.once(6),
      ...(dice.once(3) ? { podReplacementPolicy: 'Failed' } : {}),
      template: template(name, { version, program, restartPolicy: 'Never' }),
    };
  }

  function cronJob(): object {
    return {
      schedule: dice.pick(['*/5 * * * *', '*/30 * * * *', '0 * * * *', '30 4 * * *']),
      concurrencyPolicy: dice.pick(['Allow', 'Forbid', 'Replace']),
      suspend: dice.once(4),
      ...(dice.once(3) ? { startingDeadlineSeconds: dice.between(10, 300) } : {}),
      successfulJobsHistoryLimit: dice.int(4),
      failedJobsHistoryLimit: dice.int(3),
      jobTemplate: {
        spec: {
          backoffLimit: 1,
          template: template(name, { version, program: dice.pick(['sleep 30; exit 0', 'sleep 5; exit 1']), restartPolicy: 'OnFailure' }),
        },
      },
    };
  }

  function pod(): object {
    const claim = { name: 'claimed', persistentVolumeClaim: { claimName: `persistentvolumeclaim-${index}` } };
    return template(name, { version, volumes: [dice.pick([ephemeral, claim, { name: 'scratch', emptyDir: {} }])] });
  }

  function service(): object {
    const type = dice.pick(['ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer']);
    return { type, selector: { app: name }, ports: [{ port: 80 }] };
  }

  function budget(): object {
    const limit = dice.pick([1, 2, '50%', '80%']);
    return {
      ...(dice.once(2) ? { minAvailable: limit, maxUnavailable: null } : { maxUnavailable: limit, minAvailable: null }),
      unhealthyPodEvictionPolicy: dice.pick(['IfHealthyBudget', 'AlwaysAllow']),
      selector,
    };
  }

  function autoscaler(): object {
    const least = dice.between(1, 3);
    const target = { type: 'Utilization', averageUtilization: dice.pick([2, 4, 50]) };
    return {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: least,
      maxReplicas: least + dice.int(4),
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    };
  }
}
