/** Short ways to write rules down. */
import type { Path } from '../../apimachinery/field/path.ts';
import type { Severity } from '../model.ts';
import { valueAt } from '../references/fieldPattern.ts';
import type { Container, PodSubject, Rule, RuleFinding, Subject } from './rule.ts';

interface Told {
  readonly id: string;
  readonly reason: string;
  readonly severity?: Severity;
}

export function rule(told: Told, check: (subject: Subject) => readonly (RuleFinding | undefined)[]): Rule {
  return {
    id: told.id,
    reason: told.reason,
    severity: told.severity ?? 'warning',
    check: (subject) => check(subject).filter((each) => each !== undefined),
  };
}

/**
 * For each container of a Pod, those that run before the work too unless told.
 * What only Linux has (`linux`), the API server refuses for Pods that say that they are for Windows.
 */
export function containerRule(
  told: Told & { readonly init?: boolean; readonly linux?: boolean },
  check: (container: Container, pod: PodSubject, subject: Subject) => RuleFinding | undefined,
): Rule {
  return rule(told, (subject) => {
    const { pod } = subject;
    if (pod === undefined || (told.linux === true && valueAt(pod.spec, 'os.name') === 'windows')) return [];
    return pod.containers.filter(({ init }) => !init || told.init !== false).map((container) => check(container, pod, subject));
  });
}

/** For the spec of a Pod. */
export function podRule(told: Told, check: (pod: PodSubject, subject: Subject) => RuleFinding | undefined): Rule {
  return rule(told, (subject) => (subject.pod === undefined ? [] : [check(subject.pod, subject)]));
}

/** For objects of some kinds, each as `apps/v1/Deployment`. */
export function kindRule(told: Told, kinds: readonly string[], check: (subject: Subject) => readonly (RuleFinding | undefined)[]): Rule {
  const known = new Set(kinds);
  return rule(told, (subject) => (known.has(subject.kind) ? check(subject) : []));
}

export function finding(
  path: Path,
  message: string,
  fix?: { readonly title: string; readonly value: unknown; readonly path?: Path },
): RuleFinding {
  return fix === undefined ? { path, message } : { path, message, fix: { title: fix.title, value: fix.value, path: fix.path ?? path } };
}

/** A setting of a container, or of its Pod where the container has none. */
export function securitySetting(container: Container, pod: PodSubject, field: string): unknown {
  return valueAt(container.value, `securityContext.${field}`) ?? valueAt(pod.spec, `securityContext.${field}`);
}

/** Kinds whose Pods go on until someone ends them. */
export const SERVING: readonly string[] = [
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'apps/v1/DaemonSet',
  'apps/v1/ReplicaSet',
  'v1/ReplicationController',
];
export const REPLICATED: readonly string[] = ['apps/v1/Deployment', 'apps/v1/StatefulSet'];
