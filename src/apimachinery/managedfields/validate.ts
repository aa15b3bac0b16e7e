import { goValue } from '../field/goValue.ts';
import { isBag } from './compare.ts';
import type { FieldType, ListType, MapType, ScalarForm } from './fieldType.ts';
import { elementText, itemElement } from './pathElement.ts';

/**
 * What keeps a value from being one of a type, in the words of structured-merge-diff; undefined if nothing does.
 * One error stands alone, several are listed below each other.
 */
export function typeProblem(type: FieldType, value: unknown): string | undefined {
  const errors: string[] = [];
  check(type, value, '', errors);
  return errors.length > 1 ? ['errors:', ...errors.map((error) => `  ${error}`)].join('\n') : errors[0];
}

function check(type: FieldType, value: unknown, path: string, errors: string[]): void {
  if (value === null || value === undefined) return;
  switch (type.kind) {
    case 'scalar': {
      const problem = scalarProblem(type.form, value);
      if (problem !== undefined) errors.push(at(path, problem));
      return;
    }
    case 'list':
      checkList(type, value, path, errors);
      return;
    case 'map':
      checkMap(type, value, path, errors);
      return;
    default:
      return;
  }
}

function checkList(type: ListType, value: unknown, path: string, errors: string[]): void {
  if (!Array.isArray(value)) {
    errors.push(at(path, `expected list, got ${goPointer(value)}`));
    return;
  }
  const seen = new Set<string>();
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const element = type.atomic ? `i:${index}` : itemElement(type, item);
    if (typeof element !== 'string') {
      errors.push(at(path, `element ${index}: ${element.error}`));
      continue;
    }
    if (seen.has(element)) errors.push(at(path, `duplicate entries for key ${elementText(element)}`));
    seen.add(element);
    check(type.item, item, path + elementText(element), errors);
  }
}

function checkMap(type: MapType, value: unknown, path: string, errors: string[]): void {
  if (!isBag(value)) {
    errors.push(at(path, `expected map, got ${goPointer(value)}`));
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const memberType = type.fields.get(key)?.type ?? type.element;
    if (memberType === undefined) errors.push(at(`${path}.${key}`, 'field not declared in schema'));
    else check(memberType, item, `${path}.${key}`, errors);
  }
}

function scalarProblem(form: ScalarForm, value: unknown): string | undefined {
  switch (form) {
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${goPointer(value)}`;
    default:
      return typeof value === 'object' ? `expected any scalar, got ${goPointer(value)}` : undefined;
  }
}

function at(path: string, text: string): string {
  return path === '' ? text : `${path}: ${text}`;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** A value as Go's `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isBag(value)) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[string]interface {}{${members.map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item)}`).join(', ')}}`;
  }
  return value === null || value === undefined ? 'interface {}(nil)' : JSON.stringify(value);
}

/** A pointer to a struct that holds the value, as Go's `%v` prints it. */
function goPointer(value: unknown): string {
  return `&{${goValue(value)}}`;
}
