import type { Severity } from '../model.ts';
import type { Rule } from './rule.ts';

/** By the rule's id, or `*` for those that are not named: how grave it is, `default` for its own, or `off`. */
export type RuleSettings = Readonly<Record<string, string>>;

/** Nothing is said before somebody asks for it. */
export const NO_RULES: RuleSettings = {};
export const ALL_RULES: RuleSettings = { '*': 'default' };

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Undefined: the rule is off. What is no severity counts as off, too. */
export function severityOf(rule: Rule, settings: RuleSettings): Severity | undefined {
  const wanted = settings[rule.id] ?? settings['*'] ?? 'off';
  return wanted === 'default' ? rule.severity : SEVERITIES.find((severity) => severity === wanted);
}

export function areOff(settings: RuleSettings): boolean {
  return Object.values(settings).every((each) => each === 'off');
}
