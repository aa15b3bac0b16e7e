import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

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

export const PATHS = {
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  Job: '/apis/batch/v1/namespaces/default/jobs',
  Pod: '/api/v1/namespaces/default/pods',
  Service: '/api/v1/namespaces/default/services',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  Fault: '/apis/kubepad.dev/v1/faults',
} as const;

export type Kind = keyof typeof PATHS;

const template = (name: string, version: number, restartPolicy?: string): object => ({
  metadata: {
    labels: { app: name },
    annotations: { 'kubepad.dev/program.main': restartPolicy === undefined ? 'serve 80 200; run' : 'sleep 20; exit 0' },
  },
  spec: {
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    containers: [
      {
        name: 'main',
        image: `registry.test/app:${version}`,
        resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } },
        ...(restartPolicy === undefined ? { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 } } : {}),
      },
    ],
  },
});

export function workload(kind: Kind, name: string, replicas: number, version: number): object {
  const selector = { matchLabels: { app: name } };
  const metadata = { name };
  switch (kind) {
    case 'Deployment':
      return { apiVersion: 'apps/v1', kind, metadata, spec: { replicas, selector, template: template(name, version) } };
    case 'StatefulSet':
      return { apiVersion: 'apps/v1', kind, metadata, spec: { replicas, serviceName: name, selector, template: template(name, version) } };
    case 'DaemonSet':
      return { apiVersion: 'apps/v1', kind, metadata, spec: { selector, template: template(name, version) } };
    case 'Job':
      return {
        apiVersion: 'batch/v1',
        kind,
        metadata,
        spec: { completions: replicas, parallelism: 2, backoffLimit: 50, template: template(name, version, 'Never') },
      };
    case 'Pod':
      return { apiVersion: 'v1', kind, ...template(name, version), metadata: { name, labels: { app: name } } };
    case 'Service':
      return { apiVersion: 'v1', kind, metadata, spec: { selector: { app: name }, ports: [{ port: 80 }] } };
    case 'PodDisruptionBudget':
      return { apiVersion: 'policy/v1', kind, metadata, spec: { minAvailable: Math.max(1, replicas - 1), selector } };
    case 'Fault':
      throw new Error('faults are made by chaos.test.ts');
  }
}
