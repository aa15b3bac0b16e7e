/** Findings of rules as diagnostics of a text, with fixes and with the comments that switch them off. */
import { matches } from '../../apimachinery/labels/selector.ts';
import { headOf } from '../recognise.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { locate } from '../locate.ts';
import type { CodeFix, Diagnostic, Severity } from '../model.ts';
import { factsOf } from '../references/facts.ts';
import type { Places } from '../references/diagnose.ts';
import { sameNamespace, type IndexedObject } from '../references/workspaceIndex.ts';
import { valueAt } from '../references/fieldPattern.ts';
import { groupKindOf, type World } from '../references/world.ts';
import { RULES } from './catalog.ts';
import { rewrite, withValue } from './rewrite.ts';
import { REPLICATED } from './build.ts';
import type { Rule, RuleFinding, Surroundings } from './rule.ts';
import { areOff, severityOf, type RuleSettings } from './settings.ts';
import { subjectOf } from './subject.ts';
import { suppressionFixes } from './suppress.ts';

/** Ranges count from the document's first line. */
export function ruleDiagnostics(object: IndexedObject, settings: RuleSettings, world: World, places: Places): readonly Diagnostic[] {
  const { facts } = object;
  // What tools will make of an object has no text.
  if (areOff(settings) || headOf(facts.value) === undefined) return [];
  const around = REPLICATED.includes(facts.kind) ? surroundingsOf(object, world) : undefined;
  // Nothing else than this and the text decides.
  const question = JSON.stringify([settings, around]);
  return places.found(object, question, () => {
    const subject = subjectOf(facts, around);
    return RULES.flatMap((rule) => {
      const severity = severityOf(rule, settings);
      if (severity === undefined) return [];
      return rule.check(subject).map((finding) => toDiagnostic(rule, severity, finding, places.document(object)));
    });
  });
}

function surroundingsOf(object: IndexedObject, world: World): Surroundings {
  return { hasBudget: hasBudget(object, world), scaledTo: scaledTo(object, world) };
}

function toDiagnostic(rule: Rule, severity: Severity, { path, message, fix }: RuleFinding, document: YamlDocument): Diagnostic {
  const place = locate(document, path);
  const range = place.complete ? place.value : place.key;
  const fixes: CodeFix[] = [];
  if (fix !== undefined) {
    const after = withValue(
      document.value,
      fix.path.segments().map(({ segment }) => segment),
      fix.value,
    );
    const edits = rewrite(document, after);
    if (edits.length > 0) fixes.push({ title: fix.title, edits, preferred: true });
  }
  fixes.push(...suppressionFixes(rule.id, range.start.line, document));
  return { range, severity, message: `${message}. ${rule.reason}`, code: rule.id, path: path.toString(), fixes };
}

function scaledTo({ facts }: IndexedObject, { index, cluster, namespace }: World): number | undefined {
  const own = facts.namespace === '' ? namespace : facts.namespace;
  const written = [...index.kind('HorizontalPodAutoscaler.autoscaling')].map((object) => object.facts);
  const live = (cluster?.list('autoscaling/v2/HorizontalPodAutoscaler', own) ?? []).flatMap((value) => factsOf(value, facts.at) ?? []);
  // What is written comes to be; of what only the cluster has, nobody said otherwise.
  const scaler = [...written, ...live].find(
    (each) =>
      sameNamespace(each.namespace, facts.namespace === '' ? '' : own) &&
      each.references.some(({ to, name }) => name === facts.name && groupKindOf(to) === facts.groupKind),
  );
  if (scaler === undefined) return undefined;
  const least = valueAt(scaler.value, 'spec.minReplicas');
  return typeof least === 'number' ? least : 1;
}

/** Of Pods without labels nobody can tell. */
function hasBudget({ facts }: IndexedObject, { index, cluster, namespace }: World): boolean {
  const labels = facts.template?.labels ?? {};
  const own = facts.namespace === '' ? namespace : facts.namespace;
  const written = [...index.kind('PodDisruptionBudget.policy')].map((object) => object.facts);
  const live = (cluster?.list('policy/v1/PodDisruptionBudget', own) ?? []).flatMap((value) => factsOf(value, facts.at) ?? []);
  return [...written, ...live].some(
    (budget) => sameNamespace(budget.namespace, facts.namespace === '' ? '' : own) && matches(budget.selector?.selector ?? [], labels),
  );
}
