/** Taints of devices, the tolerations of requests, and conditions for binding. */
import { duplicate, invalid, notSupported, required } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { isQualifiedName, isValidLabelValue } from '../../apimachinery/validation/names.ts';
import { invalidEach, type Sink } from '../core/pod/sink.ts';
import type { DeviceTaint, DeviceToleration } from '../schema/types/resource/v1.ts';
import { validateList } from './lists.ts';

const EFFECTS: readonly string[] = ['NoExecute', 'NoSchedule', 'None'];
const OPERATORS: readonly string[] = ['Equal', 'Exists'];
const MAX_CONDITIONS = 4;

export function validateDeviceTaint(sink: Sink, taint: Partial<DeviceTaint>, path: Path): void {
  const { key = '', value = '' } = taint;
  const effect: string = taint.effect ?? '';
  invalidEach(sink, path.child('key'), key, isQualifiedName(key));
  if (value !== '') invalidEach(sink, path.child('value'), value, isValidLabelValue(value));
  if (effect === '') sink.push(required(path.child('effect'), ''));
  else if (!EFFECTS.includes(effect)) sink.push(notSupported(path.child('effect'), effect, EFFECTS));
}

export function validateDeviceTolerations(sink: Sink, tolerations: readonly DeviceToleration[] | undefined, parent: Path): void {
  for (const [index, toleration] of (tolerations ?? []).entries())
    validateToleration(sink, toleration, parent.child('tolerations').index(index));
}

function validateToleration(sink: Sink, toleration: DeviceToleration, path: Path): void {
  const { key = '', value = '' } = toleration;
  const [operator, effect]: [string, string] = [toleration.operator ?? '', toleration.effect ?? ''];
  if (key !== '') invalidEach(sink, path.child('key'), key, isQualifiedName(key));
  if (operator === 'Exists') {
    if (value !== '') sink.push(invalid(path.child('value'), value, 'must be empty for operator `Exists`'));
  } else if (operator === 'Equal') invalidEach(sink, path.child('value'), value, isValidLabelValue(value));
  else if (operator === '') sink.push(required(path.child('operator'), ''));
  else sink.push(notSupported(path.child('operator'), operator, OPERATORS));
  if (effect !== '' && !EFFECTS.includes(effect)) sink.push(notSupported(path.child('effect'), effect, EFFECTS));
}

export interface BindingParameters {
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

/** Those that a device must have before a Pod is bound, and those that say it never will: both or none, and apart. */
export function validateBindingParameters(sink: Sink, parameters: BindingParameters, parent: Path): void {
  const { bindingConditions: wanted = [], bindingFailureConditions: failures = [] } = parameters;
  const wantedPath = parent.child('bindingConditions');
  const failuresPath = parent.child('bindingFailureConditions');
  const checkName = (to: Sink, name: string, path: Path): void => invalidEach(to, path, name, isQualifiedName(name));
  validateList(sink, wanted, MAX_CONDITIONS, wantedPath, checkName);
  validateList(sink, failures, MAX_CONDITIONS, failuresPath, checkName);
  for (const [index, name] of wanted.entries()) if (wanted.indexOf(name) < index) sink.push(duplicate(wantedPath.index(index), name));
  for (const [index, name] of failures.entries()) {
    if (failures.indexOf(name) < index) sink.push(duplicate(failuresPath.index(index), name));
    if (wanted.includes(name))
      sink.push(invalid(failuresPath.index(index), name, 'bindingFailureConditions must not overlap with bindingConditions'));
  }
  if (wanted.length === 0 && failures.length > 0)
    sink.push(invalid(wantedPath, null, 'bindingConditions are required to use bindingFailureConditions'));
  if (failures.length === 0 && wanted.length > 0)
    sink.push(invalid(failuresPath, null, 'bindingFailureConditions are required to use bindingConditions'));
}
