import type { Container, EphemeralContainer, PodSpec, SecurityContext } from '../../../api/schema/types/core/v1.ts';

/** What a check reads: a Pod's annotations and spec, or those of a template. */
export interface Subject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

/** Why a Pod is not allowed: a short reason, and who does what. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type CheckFunction = (subject: Subject) => Violation | undefined;

/** One rule of a level, and since which minor version of the policy it has which form. */
export interface Check {
  readonly id: string;
  /** Oldest first: the minor version from which the function is the rule. */
  readonly versions: readonly (readonly [minor: number, function: CheckFunction])[];
  /** Baseline checks that a restricted one makes needless. */
  readonly overrides?: readonly string[];
}

export type AnyContainer = Container | EphemeralContainer;

/** Init containers, containers, ephemeral containers. */
export function containersOf(spec: PodSpec): readonly AnyContainer[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** Names of the containers whose security context fails a test. */
export function failing(spec: PodSpec, fails: (context: SecurityContext, container: AnyContainer) => boolean): readonly string[] {
  return containersOf(spec)
    .filter((container) => fails(container.securityContext ?? {}, container))
    .map(({ name }) => name);
}

/** `container "a"`, `containers "a", "b"` */
export function containers(names: readonly string[]): string {
  return `${plural('container', names.length)} ${quoted(names)}`;
}

/** `pod`, `container "a"`, `pod and containers "a", "b"`; empty if nobody. */
export function setters(pod: boolean, names: readonly string[]): string {
  return [...(pod ? ['pod'] : []), ...(names.length === 0 ? [] : [containers(names)])].join(' and ');
}

export function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** Sorted, each once. */
export function distinct(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort();
}

/** Rules about Linux say nothing of a Windows Pod. */
export function onLinux(check: CheckFunction): CheckFunction {
  return (subject) => (subject.spec.os?.name === 'windows' ? undefined : check(subject));
}

/** In a user namespace of its own a Pod's root is nobody on the host. */
export function inHostUsers(check: CheckFunction): CheckFunction {
  return (subject) => (subject.spec.hostUsers === false ? undefined : check(subject));
}
