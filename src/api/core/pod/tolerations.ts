/** Which taints of nodes a Pod puts up with. */
import { invalid, notSupported } from '../../../apimachinery/field/error.ts';
import { isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Toleration } from '../../schema/types/core/v1.ts';
import { invalidEach, type Sink } from './sink.ts';

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Errors of the value are reported at the operator; that is how the server does it. */
export function validateTolerations(sink: Sink, tolerations: readonly Toleration[], path: Path): void {
  for (const [index, toleration] of tolerations.entries()) {
    const at = path.index(index);
    const { key = '', value = '', effect = '', operator = '' } = toleration;
    if (key !== '') invalidEach(sink, at.child('key'), key, isQualifiedName(key));
    if (key === '' && operator !== 'Exists') {
      const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      sink.push(invalid(at.child('operator'), operator, text));
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute')
      sink.push(invalid(at.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    validateOperator(sink, operator, value, at.child('operator'));
    if (effect !== '' && !EFFECTS.includes(effect)) sink.push(notSupported(at.child('effect'), effect, EFFECTS));
  }
}

function validateOperator(sink: Sink, operator: string, value: string, path: Path): void {
  switch (operator) {
    case '':
    case 'Equal': {
      const problems = isValidLabelValue(value);
      if (problems.length > 0) sink.push(invalid(path, value, problems.join(';')));
      return;
    }
    case 'Exists':
      if (value !== '') sink.push(invalid(path, value, "value must be empty when `operator` is 'Exists'"));
      return;
    case 'Lt':
    case 'Gt':
      // Comparing taints by number is a feature that is off by default.
      sink.push(notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt']));
      return;
    default:
      sink.push(notSupported(path, operator, ['Equal', 'Exists']));
  }
}
