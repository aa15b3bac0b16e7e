/**
 * nodeSelector and node affinity: the required terms refuse, the preferred ones add to the score. Counterpart: plugins/nodeaffinity.
 */
import { compileNodeSelector, compileRequired, compileTerm, type NodeMatcher } from '../../../../api/core/node/nodeSelector.ts';
import type { NodeSelector, Pod, PreferredSchedulingTerm } from '../../../../api/schema/types/core/v1.ts';
import type { NodeAffinityArgs } from '../../../apis/config/types.ts';
import type { Plugin } from '../../interface.ts';
import { SKIP, unresolvable } from '../../status.ts';
import { defaultNormalizeScore } from '../helper/normalizeScore.ts';
import { turned } from '../helper/placedChange.ts';

const STATE = 'PreFilterNodeAffinity';
const SCORE_STATE = 'PreScoreNodeAffinity';

interface Preference {
  readonly weight: number;
  readonly matches: NodeMatcher;
}

const ENFORCED = unresolvable("node(s) didn't match scheduler-enforced node affinity");

/** `addedAffinity`: what the profile asks for on behalf of all of its Pods. */
export function createNodeAffinity({ addedAffinity }: NodeAffinityArgs = {}): Plugin {
  const allowed = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const isAllowed = allowed === undefined ? (): boolean => true : compileNodeSelector(allowed);
  const added = preferencesOf(addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []);
  return {
    name: 'NodeAffinity',
    weight: 2,
    events: [{ resource: 'nodes', helps: (pod, change) => turned(change, (node) => isAllowed(node) && compileRequired(pod.spec)(node)) }],
    sign: ({ spec }) => [spec?.nodeSelector, spec?.affinity?.nodeAffinity],
    preFilter: (state, pod) => {
      const required = requiredTerms(pod);
      if (allowed === undefined && pod.spec?.nodeSelector === undefined && required === undefined) return SKIP;
      state.set(STATE, compileRequired(pod.spec));
      const names = namedNodes(required);
      if (names === undefined) return undefined;
      if (names.size === 0) return { status: unresolvable('pod affinity terms conflict') };
      return { nodeNames: names };
    },
    filter: (state, pod, node) => {
      if (!isAllowed(node.node)) return ENFORCED;
      const matches = (state.get(STATE) as NodeMatcher | undefined) ?? compileRequired(pod.spec);
      return matches(node.node) ? undefined : unresolvable("node(s) didn't match Pod's node affinity/selector");
    },
    preScore: (state, pod) => {
      const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      if (preferred.length + added.length === 0) return SKIP;
      state.set(SCORE_STATE, [...preferencesOf(preferred), ...added]);
      return undefined;
    },
    /** The weights of the preferred terms that the node matches, added up. */
    score: (state, _pod, node) => {
      let sum = 0;
      for (const { weight, matches } of state.get(SCORE_STATE) as readonly Preference[]) if (matches(node.node)) sum += weight;
      return sum;
    },
    normalizeScore: (_state, _pod, scores) => defaultNormalizeScore(scores, false),
  };
}

function preferencesOf(terms: readonly PreferredSchedulingTerm[]): readonly Preference[] {
  return terms.map(({ weight, preference }) => ({ weight, matches: compileTerm(preference) }));
}

function requiredTerms(pod: Pod): NodeSelector | undefined {
  return pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
}

/**
 * If every term asks for a name of a node (matchFields metadata.name In), only those nodes need a look.
 * Terms are alternatives, so the names of all terms count; requirements within a term must all hold, so their names intersect.
 */
function namedNodes(required: NodeSelector | undefined): ReadonlySet<string> | undefined {
  if (required === undefined || required.nodeSelectorTerms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of required.nodeSelectorTerms) {
    let own: ReadonlySet<string> | undefined;
    for (const { key, operator, values } of term.matchFields ?? []) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      const wanted = new Set(values ?? []);
      own = own === undefined ? wanted : own.intersection(wanted);
    }
    if (own === undefined) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}
