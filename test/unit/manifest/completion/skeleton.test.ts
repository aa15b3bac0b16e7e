import assert from 'node:assert/strict';
import { Documents } from '../../../../src/manifest/documents.ts';
import { Skeleton } from '../../../../src/manifest/completion/skeleton.ts';
import { judge } from '../check.ts';

/** What stands there when a person only presses Tab. */
function filledIn(snippet: string): string {
  const texts = new Map<string, string>();
  return snippet.replaceAll(
    /\$\{(\d+):([^}]*)\}|\$\{(\d+)\|([^,|]*)[^}]*\}|\$(\d+)/g,
    (_, number: string, text: string, choice: string, first: string) => {
      if (choice !== undefined) return first;
      if (number === undefined) return 'x';
      if (!texts.has(number)) texts.set(number, text);
      return texts.get(number) ?? '';
    },
  );
}

describe('a skeleton', () => {
  for (const kind of [
    'v1/Pod',
    'v1/Service',
    'v1/ConfigMap',
    'v1/Secret',
    'v1/Namespace',
    'v1/ServiceAccount',
    'v1/PersistentVolumeClaim',
    'apps/v1/Deployment',
    'apps/v1/ReplicaSet',
    'apps/v1/StatefulSet',
    'apps/v1/DaemonSet',
    'batch/v1/Job',
    'batch/v1/CronJob',
    'autoscaling/v2/HorizontalPodAutoscaler',
    'networking.k8s.io/v1/Ingress',
    'networking.k8s.io/v1/NetworkPolicy',
    'policy/v1/PodDisruptionBudget',
    'rbac.authorization.k8s.io/v1/Role',
    'rbac.authorization.k8s.io/v1/RoleBinding',
  ]) {
    it(`of ${kind} is accepted as it is`, () => {
      const text = filledIn(new Skeleton(judge.schemas).object(kind));
      const documents = new Documents(judge);
      documents.change('a.yaml', text);
      assert.deepEqual(
        documents.diagnostics('a.yaml')?.diagnostics.map(({ message }) => message),
        [],
        text,
      );
    });
  }

  it('of every kind is YAML', () => {
    for (const kind of judge.kinds) {
      const documents = new Documents(judge);
      documents.change('a.yaml', filledIn(new Skeleton(judge.schemas).object(kind)));
      const problems = documents
        .diagnostics('a.yaml')
        ?.diagnostics.filter(({ code }) => ['Syntax', 'UnknownField', 'UnknownKind'].includes(code));
      assert.deepEqual(problems, [], kind);
    }
  });
});
