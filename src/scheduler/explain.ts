/**
 * Writes on a Pod why it was placed, or was not: the annotations that kube-scheduler-simulator made a convention.
 * Invariant: written only where asked for, and only when an attempt came to something else than the one before; no plugin reads them.
 * Counterpart: sigs.k8s.io/kube-scheduler-simulator (scheduler/plugin/resultstore).
 */
import { NAMESPACES, PODS } from '../api/schema/resources.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import type { Client } from '../client/client.ts';
import type { Change } from '../client/watchCursor.ts';
import type { Explanation } from './framework/runtime/recorder.ts';
import { ignoreRefusals } from './podStatus.ts';

/** On a Pod or its Namespace: `"true"` asks for the annotations; on a Pod `"false"` does without them. */
export const EXPLAIN = 'kubepad.dev/explain-scheduling';
const PREFIX = 'kube-scheduler-simulator.sigs.k8s.io';
const HISTORY = `${PREFIX}/result-history`;
/** All annotations of an object may have 256 KiB together. */
const MAX_HISTORY_CHARS = 100_000;

type Results = Readonly<Record<string, string>>;

/** @param always whether Pods that say nothing are explained, too */
export function isExplained(client: Client, { metadata }: Pod, always: boolean): boolean {
  const own = metadata.annotations?.[EXPLAIN];
  if (own !== undefined) return own === 'true';
  return always || client.get(NAMESPACES, '', metadata.namespace ?? '')?.metadata.annotations?.[EXPLAIN] === 'true';
}

/** A change that is nothing but an explanation written down: it helps nobody who waits. */
export function isExplanation({ object, previous }: Change): boolean {
  return previous !== undefined && object.metadata.annotations?.[HISTORY] !== previous.metadata.annotations?.[HISTORY];
}

export function writeExplanation(client: Client, { metadata: { namespace = '', name = '' } }: Pod, explanation: Explanation): void {
  const pod = client.get(PODS, namespace, name);
  if (pod === undefined) return;
  const results = resultsOf(explanation);
  const before = pod.metadata.annotations ?? {};
  if (Object.entries(results).every(([key, text]) => before[key] === text)) return;
  const history = historyWith(before[HISTORY], results);
  ignoreRefusals(() =>
    client.modify(PODS, namespace, name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, ...results, [HISTORY]: history };
    }),
  );
}

/** Plugins that let a node pass say `passed`; those after the one that refused it were not asked. */
export function resultsOf({ filters, filtered, scores, selected }: Explanation): Results {
  const filter: Record<string, Record<string, string>> = {};
  for (const node of new Set([...Object.keys(scores), ...(selected === undefined ? [] : [selected])]))
    filter[node] = Object.fromEntries(filters.map((plugin) => [plugin, 'passed']));
  for (const [node, { plugin, reasons }] of Object.entries(filtered)) {
    const asked = filters.slice(0, Math.max(0, filters.indexOf(plugin)));
    filter[node] = { ...Object.fromEntries(asked.map((name) => [name, 'passed'])), [plugin]: reasons.join(', ') };
  }
  const table = (field: 'raw' | 'weighted'): string =>
    sorted(
      Object.fromEntries(
        Object.entries(scores).map(([node, own]) => [
          node,
          Object.fromEntries(Object.entries(own).map(([plugin, score]) => [plugin, String(score[field])])),
        ]),
      ),
    );
  return {
    [`${PREFIX}/filter-result`]: sorted(filter),
    [`${PREFIX}/score-result`]: table('raw'),
    [`${PREFIX}/finalscore-result`]: table('weighted'),
    [`${PREFIX}/selected-node`]: selected ?? '',
  };
}

/** As Go writes maps: keys in order. */
function sorted(table: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const byKey = <T>(map: Readonly<Record<string, T>>): [string, T][] => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(byKey(table).map(([node, own]) => [node, Object.fromEntries(byKey(own))])));
}

/** The attempts so far, the oldest first. The oldest go when there are too many; a person's text in their place is not kept. */
function historyWith(before: string | undefined, results: Results): string {
  const attempts = [...parsed(before), results];
  let text = JSON.stringify(attempts);
  while (text.length > MAX_HISTORY_CHARS && attempts.length > 1) {
    attempts.shift();
    text = JSON.stringify(attempts);
  }
  return text;
}

function parsed(text: string | undefined): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
