/**
 * Which of several groups grows: each expander leaves the best options of those before it, chance decides between what is left.
 * Invariant: an expander never leaves nothing. Counterpart: k8s.io/autoscaler/cluster-autoscaler/expander.
 */
import { parse } from 'yaml';
import type { ConfigMap } from '../../api/schema/types/core/v1.ts';
import { compileGoRegexp } from '../../apimachinery/regex/goRegexp.ts';
import { podRequests, resourceOf } from '../../scheduler/framework/resource.ts';
import type { Option } from './estimator.ts';
import type { Expander } from './options.ts';

/** In kube-system: which groups are preferred by the expander `priority`, under the key `priorities`. */
export const PRIORITY_CONFIG = 'cluster-autoscaler-priority-expander';

/** @param chance a whole number below its argument */
export function bestOption(
  options: readonly Option[],
  expanders: readonly Expander[],
  priorities: ConfigMap | undefined,
  chance: (below: number) => number,
): Option | undefined {
  let left = options;
  for (const expander of expanders) {
    if (left.length < 2) break;
    if (expander === 'random') break;
    left = best(left, expander === 'priority' ? priorityOf(priorities) : SCORES[expander]);
  }
  return left[left.length < 2 ? 0 : chance(left.length)];
}

const SCORES: Readonly<Record<Exclude<Expander, 'priority' | 'random'>, (option: Option) => number>> = {
  'least-waste': (option) => -waste(option),
  'most-pods': ({ pods }) => pods.length,
  'least-nodes': ({ nodeCount }) => -nodeCount,
};

function best(options: readonly Option[], score: (option: Option) => number): readonly Option[] {
  const scored = options.map((option) => ({ option, score: score(option) }));
  const highest = Math.max(...scored.map((each) => each.score));
  return scored.filter((each) => each.score === highest).map(({ option }) => option);
}

/** The shares of CPU and of memory that stay free, added. Example: Pods of 3 CPU and 8 GiB on two machines of 2 CPU, 8 GiB: 0.25 + 0.5. */
function waste({ pods, nodeCount, machine }: Option): number {
  const { milliCpu, memoryBytes } = resourceOf(machine.status?.capacity);
  let [usedCpu, usedMemory] = [0, 0];
  for (const pod of pods) {
    const { total } = podRequests(pod);
    usedCpu += total.milliCpu;
    usedMemory += total.memoryBytes;
  }
  const free = (used: number, each: number): number => (each === 0 ? 0 : (each * nodeCount - used) / (each * nodeCount));
  return free(usedCpu, milliCpu) + free(usedMemory, memoryBytes);
}

/** The highest number under which a pattern fits the group; groups that none fits come last, and all are equal without the ConfigMap. */
function priorityOf(config: ConfigMap | undefined): (option: Option) => number {
  const patterns = readPriorities(config?.data?.['priorities'] ?? '');
  return ({ group }) =>
    Math.max(Number.NEGATIVE_INFINITY, ...patterns.filter(({ fits }) => fits(group.id)).map(({ priority }) => priority));
}

interface Pattern {
  readonly priority: number;
  readonly fits: (id: string) => boolean;
}

/** What cannot be read counts as nothing, as the real expander goes on without it. */
function readPriorities(text: string): readonly Pattern[] {
  let read: unknown;
  try {
    read = parse(text);
  } catch {
    return [];
  }
  if (typeof read !== 'object' || read === null) return [];
  return Object.entries(read).flatMap(([key, list]) => {
    const priority = Number(key);
    if (!Number.isInteger(priority) || !Array.isArray(list)) return [];
    return list.flatMap((pattern: unknown) => {
      const compiled = typeof pattern === 'string' ? compileGoRegexp(pattern) : undefined;
      if (compiled === undefined || 'error' in compiled) return [];
      return [{ priority, fits: (id: string) => compiled.regexp.test(id) }];
    });
  });
}
