import type { Path } from '../../apimachinery/field/path.ts';
import { isRecord } from '../recognise.ts';
import type { IndexedObject } from '../references/workspaceIndex.ts';

/** A label that an object or its Pods have, or that a selector asks for. */
export interface LabelPlace {
  readonly key: string;
  readonly value: string;
  readonly role: 'label' | 'selector';
  readonly path: () => Path;
}

const MAX_DEPTH = 24;

/** All label pairs of an object: `labels` of metadata, `matchLabels`, values of `In` expressions, selectors that are plain maps. */
export function labelPlaces({ facts }: IndexedObject): readonly LabelPlace[] {
  const found: LabelPlace[] = [];
  visit(facts.value, facts.at, found, 0);
  return found;
}

function visit(value: unknown, at: () => Path, found: LabelPlace[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly unknown[]).entries()) visit(item, () => at().index(index), found, depth + 1);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const own = (): Path => at().child(name);
    if (name === 'metadata' && isRecord(inner) && isRecord(inner['labels']))
      pairs(inner['labels'], () => own().child('labels'), 'label', found);
    else if (name === 'matchLabels') pairs(inner, own, 'selector', found);
    else if (name === 'selector' && isPlain(inner)) pairs(inner, own, 'selector', found);
    else if (name === 'matchExpressions') expressions(inner, own, found);
    else visit(inner, own, found, depth + 1);
  }
}

/** A map of texts, as the selectors of Services and ReplicationControllers are. */
function isPlain(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
}

function pairs(value: unknown, at: () => Path, role: LabelPlace['role'], found: LabelPlace[]): void {
  if (!isRecord(value)) return;
  for (const [key, text] of Object.entries(value))
    if (typeof text === 'string') found.push({ key, value: text, role, path: () => at().child(key) });
}

function expressions(value: unknown, at: () => Path, found: LabelPlace[]): void {
  if (!Array.isArray(value)) return;
  for (const [index, expression] of (value as readonly unknown[]).entries()) {
    if (!isRecord(expression)) continue;
    const { key, operator, values } = expression;
    if (typeof key !== 'string' || operator !== 'In' || !Array.isArray(values)) continue;
    for (const [position, text] of (values as readonly unknown[]).entries()) {
      if (typeof text !== 'string') continue;
      found.push({ key, value: text, role: 'selector', path: () => at().index(index).child('values').index(position) });
    }
  }
}
