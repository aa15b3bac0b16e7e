import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { Protocol } from '../../runtime/network.ts';
import { evaluate, type PolicyWorld } from './evaluate.ts';
import { explain, type Side } from './verdict.ts';

/** A connection between two Pods, and what the policies say of it. */
export interface PolicyLine {
  /** `front`, or `team/front` of another namespace than the Pod that is asked about. */
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly allowed: boolean;
  readonly text: string;
}

/**
 * What NetworkPolicies say of the connections that others open to a Pod, and it to them: to each port that is declared. Of Pods with equal
 * labels one stands for all. Empty where no policy has a say.
 * @param most so many lines at most, denied connections first
 */
export function overview(world: PolicyWorld, pod: Pod, others: readonly Pod[], most: number): readonly PolicyLine[] {
  const kinds = new Map<string, Pod>();
  for (const other of others) {
    if (other.metadata.uid === pod.metadata.uid || other.spec?.hostNetwork === true) continue;
    const kind = JSON.stringify([other.metadata.namespace, other.metadata.labels, portsOf(other)]);
    if (!kinds.has(kind)) kinds.set(kind, other);
  }
  const found = [...kinds.values()].flatMap((other) => [...between(world, other, pod, pod), ...between(world, pod, other, pod)]);
  return [...found.filter(({ allowed }) => !allowed), ...found.filter(({ allowed }) => allowed)].slice(0, most);
}

function between(world: PolicyWorld, from: Pod, to: Pod, home: Pod): readonly PolicyLine[] {
  return portsOf(to).flatMap(({ port, protocol }) => {
    const verdict = evaluate(world, { from: sideOf(from), to: sideOf(to), port, protocol });
    if (verdict.egress.selectedBy.length + verdict.ingress.selectedBy.length === 0) return [];
    const { allowed } = verdict;
    return [{ from: nameOf(from, home), to: nameOf(to, home), port: `${port}/${protocol}`, allowed, text: explain(verdict) }];
  });
}

function sideOf(pod: Pod): Side {
  return { address: pod.status?.podIP ?? '', pod };
}

function portsOf({ spec }: Pod): readonly { readonly port: number; readonly protocol: Protocol }[] {
  return (spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol: (protocol ?? 'TCP') as Protocol })),
  );
}

function nameOf({ metadata }: Pod, home: Pod): string {
  const name = metadata.name ?? '';
  return metadata.namespace === home.metadata.namespace ? name : `${metadata.namespace ?? ''}/${name}`;
}
