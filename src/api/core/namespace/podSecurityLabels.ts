/**
 * The labels of a Namespace that choose Pod Security levels. What the plugin does with them is admission's matter;
 * whether they can be read is part of a Namespace being valid.
 * Counterpart: k8s.io/pod-security-admission/api.PolicyToEvaluate.
 */
import { invalid, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';

export function podSecurityLabelErrors(labels: Readonly<Record<string, string>> | undefined): FieldError[] {
  if (labels === undefined) return [];
  const errors: FieldError[] = [];
  for (const mode of ['enforce', 'audit', 'warn']) {
    const level = labels[`${PREFIX}${mode}`];
    if (level !== undefined && !LEVELS.includes(level)) {
      errors.push(invalid(LABELS.key(`${PREFIX}${mode}`), level, `must be one of ${LEVELS.join(', ')}`));
    }
    const version = labels[`${PREFIX}${mode}-version`];
    if (version !== undefined && !VERSION.test(version)) {
      errors.push(invalid(LABELS.key(`${PREFIX}${mode}-version`), version, 'must be "latest" or "v1.x"'));
    }
  }
  return errors;
}

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS = ['privileged', 'baseline', 'restricted'];
const VERSION = /^(latest|v1\.(0|[1-9][0-9]*))$/;
const LABELS = Path.of('metadata', 'labels');
