import type { Pod } from '../../api/schema/types/core/v1.ts';

/** One side of a connection. */
export interface Side {
  readonly address: string;
  /** The Pod whose network it is; undefined for machines (Pods of the host's network too) and for what is outside. */
  readonly pod?: Pod | undefined;
  /** The machine, where it is one. */
  readonly node?: string | undefined;
}

export type Direction = 'Egress' | 'Ingress';

/** A rule of a policy: its place in `spec.egress` or `spec.ingress`. */
export interface RuleReference {
  /** `namespace/name` */
  readonly policy: string;
  readonly rule: number;
}

/** What the policies of one side say of a connection. */
export interface Decision {
  readonly direction: Direction;
  readonly allowed: boolean;
  /** The policies that select the Pod; without any everything is allowed. */
  readonly selectedBy: readonly string[];
  /** The rule that lets it through. */
  readonly by?: RuleReference;
  /** Where it was denied: every rule that was tried, and whether the other side or the port did not fit. */
  readonly tried: readonly (RuleReference & { readonly mismatch: 'peer' | 'port' })[];
}

export interface Verdict {
  readonly allowed: boolean;
  readonly egress: Decision;
  readonly ingress: Decision;
}

/** One line for people: who decided, and why. */
export function explain({ egress, ingress }: Verdict): string {
  const denied = egress.allowed ? (ingress.allowed ? undefined : ingress) : egress;
  return denied === undefined ? `${sentence(egress)}; ${sentence(ingress)}` : sentence(denied);
}

function sentence({ direction, allowed, selectedBy, by, tried }: Decision): string {
  const side = direction.toLowerCase();
  if (selectedBy.length === 0) return `no NetworkPolicy isolates the Pod for ${side}`;
  if (by !== undefined) return `${side} is allowed by NetworkPolicy ${by.policy}, rule ${by.rule}`;
  if (allowed) return `${side} is allowed: it comes from the Pod's own node`;
  const names = selectedBy.join(', ');
  if (tried.length === 0) return `${side} is denied: NetworkPolicy ${names} has no rules for it`;
  const reasons = tried.map(
    ({ policy, rule, mismatch }) => `${policy} rule ${rule}: ${mismatch === 'peer' ? 'other peers' : 'other ports'}`,
  );
  return `${side} is denied by NetworkPolicy ${names} (${reasons.join('; ')})`;
}
