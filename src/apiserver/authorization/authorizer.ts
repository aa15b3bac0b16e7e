/**
 * What a user may do: masters everything, all others what the roles say that are bound to them.
 * Invariant: reads the stored roles at every question, so a binding counts from the revision that makes it.
 * Counterpart: k8s.io/apiserver/pkg/authorization/union over the privileged groups and the RBAC authorizer.
 */
import type { UserInfo } from '../request.ts';
import type { Store } from '../storage/store.ts';
import type { Attributes, Decision } from './attributes.ts';
import { ruleAllows } from './rbac/evaluate.ts';
import { addSubjectIndexes, rulesFor, type BoundRule } from './rbac/resolver.ts';

export const MASTERS = 'system:masters';

const GRANTED: Decision = { allowed: true, reason: '' };

export class Authorizer {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    addSubjectIndexes(store);
  }

  authorize(user: UserInfo, attributes: Attributes): Decision {
    if (user.groups.includes(MASTERS)) return GRANTED;
    const namespace = 'namespace' in attributes ? attributes.namespace : '';
    const problems: string[] = [];
    for (const bound of rulesFor(this.store, user, namespace, problems)) {
      if (ruleAllows(bound.rule, attributes)) return { allowed: true, reason: `RBAC: allowed by ${bound.source()}` };
    }
    return { allowed: false, reason: problems.length === 0 ? '' : `RBAC: ${aggregate(problems)}` };
  }

  mayDo(user: UserInfo, attributes: Attributes): boolean {
    return this.authorize(user, attributes).allowed;
  }

  /** All rules that hold for the user in a namespace and cluster-wide; `problems` gets the roles that are bound but missing. */
  rules(user: UserInfo, namespace: string, problems: string[] = []): readonly BoundRule[] {
    return [...rulesFor(this.store, user, namespace, problems)];
  }
}

/** Several errors as one text, each once: `[a, b]`. */
export function aggregate(problems: readonly string[]): string {
  const different = [...new Set(problems)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}
