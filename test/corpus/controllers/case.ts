/* oxlint-disable typescript/no-explicit-any -- what was recorded has no type here */
// The recorded cases: one YAML file each, as the corpus' README describes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Data = null | boolean | number | string | Data[] | { [key: string]: Data };
export type Obj = Record<string, any>;

export interface NodeSpec {
  readonly name: string;
  readonly kubelet?: 'auto' | 'manual';
  readonly labels?: Record<string, string>;
  readonly taints?: readonly Obj[];
  readonly unschedulable?: boolean;
  readonly zone?: string;
  readonly capacity?: Record<string, string>;
  readonly ready?: boolean | null;
  readonly beat?: boolean;
}

export interface Case {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly profile?: 'default' | 'nodefast' | 'hpa';
  readonly nodes?: string | readonly NodeSpec[];
  readonly kubelet?: 'auto' | 'manual';
  readonly kinds?: readonly string[];
  readonly learn?: readonly string[];
  readonly steps: readonly Obj[];
  readonly expect?: readonly any[];
  readonly trace?: boolean;
  readonly looseEvents?: boolean | 'reasons' | 'none';
  readonly ignoreEvents?: readonly string[];
  readonly recordNode?: boolean;
  readonly rootca?: boolean;
  readonly noEvents?: boolean;
  readonly namespaces?: readonly string[];
  readonly nsLabels?: Record<string, string>;
  readonly names?: readonly string[];
  readonly clusterKinds?: readonly string[];
  readonly finalizerKinds?: readonly string[];
}

const directory = join(import.meta.dirname, 'cases');

/** All cases, or those of one group, by file name. */
export function loadCases(group?: string): readonly Case[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && (group === undefined || file.startsWith(`${group}/`)))
    .toSorted()
    .map((file) => parse(readFileSync(join(directory, file), 'utf8'), { maxAliasCount: -1 }) as Case);
}

/** The case's nodes spelled out: `auto3` and `manual3` are three of a kind. */
export function nodesOf({ nodes = 'auto3' }: Case): readonly NodeSpec[] {
  if (typeof nodes !== 'string') return nodes;
  const kubelet = nodes.replaceAll(/\d/g, '') as 'auto' | 'manual';
  return Array.from({ length: Number(nodes.replaceAll(/\D/g, '')) }, (_, index) => ({ name: `node-${index + 1}`, kubelet }));
}

/**
 * Whether the outcome depends on timers that are still pending (deadlines, back-offs, delays). Such a case may only be
 * stepped, never run until stable.
 */
export function isTimed(test: Case): boolean {
  if ((test.profile ?? 'default') !== 'default') return true;
  const timedSteps = ['wait', 'until', 'align', 'setStatus', 'nodeReady', 'heartbeat'];
  for (const step of test.steps) {
    const check = step['check'];
    if (timedSteps.some((key) => key in step)) return true;
    if (typeof check === 'object' && check !== null && (check.now === true || 'quiet' in check)) return true;
  }
  const text = JSON.stringify(test.steps);
  if (
    /"((minReady|progressDeadline|activeDeadline|ttl|toleration)Seconds\w*|schedule)"|kubepad\.dev\/(puppet":"(?!ready")|hang)/.test(text)
  )
    return true;
  for (const expected of test.expect ?? []) {
    if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) continue;
    if ((expected.events ?? []).some((event: Obj) => event['type'] === 'Warning')) return true;
    for (const deployment of expected.deployments ?? []) {
      for (const condition of deployment.status?.conditions ?? []) {
        if (condition.type === 'Progressing' && condition.reason !== 'NewReplicaSetAvailable') return true;
      }
    }
    if ((expected.pods ?? []).some((pod: Obj) => pod['status']?.phase === 'Pending')) return true;
  }
  return false;
}
