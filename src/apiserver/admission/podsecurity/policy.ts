import { BASELINE_CHECKS } from './baseline.ts';
import type { Check, CheckFunction, Subject, Violation } from './check.ts';
import { RESTRICTED_CHECKS } from './restricted.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level as a minor version of Kubernetes understood it. */
export interface LevelVersion {
  readonly level: Level;
  /** Undefined: the latest. */
  readonly minor: number | undefined;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
}

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const LATEST_MINOR = Number.MAX_SAFE_INTEGER;

/**
 * What a Namespace's labels ask for. Without a word on warnings, what is enforced on Pods is warned of where Pods are
 * only described. (Audit annotations go to the audit log, which nobody keeps here.)
 */
export function policyOf(labels: Readonly<Record<string, string>>): Policy {
  const enforce = levelVersion(labels, 'enforce');
  const warn = labels[`${PREFIX}warn`] === undefined ? enforce : levelVersion(labels, 'warn');
  return { enforce, warn };
}

function levelVersion(labels: Readonly<Record<string, string>>, mode: 'enforce' | 'warn'): LevelVersion {
  const level = LEVELS.find((known) => known === labels[`${PREFIX}${mode}`]) ?? 'privileged';
  const minor = /^v1\.([0-9]+)$/.exec(labels[`${PREFIX}${mode}-version`] ?? '')?.[1];
  return { level, minor: minor === undefined ? undefined : Number(minor) };
}

/** `baseline:latest`, `restricted:v1.30` */
export function levelText({ level, minor }: LevelVersion): string {
  return `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`;
}

export function isSame(left: LevelVersion, right: LevelVersion): boolean {
  return left.level === right.level && left.minor === right.minor;
}

/** Negative if the first level allows more than the second. */
export function compareLevels(left: Level, right: Level): number {
  return LEVELS.indexOf(left) - LEVELS.indexOf(right);
}

/** All violations: those of baseline first, each level in the order of its checks. */
export function evaluate({ level, minor = LATEST_MINOR }: LevelVersion, subject: Subject): readonly Violation[] {
  return checksOf(level, minor)
    .map((check) => check(subject))
    .filter((violation) => violation !== undefined);
}

function checksOf(level: Level, minor: number): readonly CheckFunction[] {
  if (level === 'privileged') return [];
  const restricted = level === 'restricted' ? RESTRICTED_CHECKS.filter((check) => at(check, minor) !== undefined) : [];
  const overridden = new Set(restricted.flatMap(({ overrides = [] }) => overrides));
  return [...BASELINE_CHECKS.filter(({ id }) => !overridden.has(id)), ...restricted]
    .map((check) => at(check, minor))
    .filter((check) => check !== undefined);
}

/** The form that a check had in a version; undefined before there was one. */
function at({ versions }: Check, minor: number): CheckFunction | undefined {
  return versions.findLast(([since]) => since <= minor)?.[1];
}
