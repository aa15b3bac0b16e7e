/**
 * Which type can stand where another is asked for, and what type parameters become by that.
 * Counterpart: cel-go/checker/types.go.
 */
import { DYN, sameType, type Type } from './types.ts';

/** What type parameters have been found to be. Immutable, so that an attempt that fails leaves nothing behind. */
export class Mapping {
  private readonly entries: ReadonlyMap<string, Type>;

  constructor(entries: ReadonlyMap<string, Type> = new Map()) {
    this.entries = entries;
  }

  find(type: Type): Type | undefined {
    return this.entries.get(type.name);
  }

  with(type: Type, value: Type): Mapping {
    return new Mapping(new Map(this.entries).set(type.name, value));
  }
}

/** @param unknownAsDyn what is still unknown becomes dyn */
export function substitute(mapping: Mapping, type: Type, unknownAsDyn: boolean): Type {
  if (type.kind === 'param') {
    const found = mapping.find(type);
    if (found !== undefined) return substitute(mapping, found, unknownAsDyn);
    return unknownAsDyn ? DYN : type;
  }
  if (type.params.length === 0) return type;
  return { ...type, params: type.params.map((item) => substitute(mapping, item, unknownAsDyn)) };
}

export function isDynOrError(type: Type): boolean {
  return type.kind === 'dyn' || type.kind === 'error';
}

/** The mapping after all types could be assigned to all others in turn; undefined if one cannot. */
export function assignAll(mapping: Mapping, from: readonly Type[], to: readonly Type[]): Mapping | undefined {
  if (from.length !== to.length) return undefined;
  let current: Mapping | undefined = mapping;
  for (const [index, type] of from.entries()) {
    current = assign(current, type, to[index] as Type);
    if (current === undefined) return undefined;
  }
  return current;
}

export function assign(mapping: Mapping, t1: Type, t2: Type): Mapping | undefined {
  if (t2.kind === 'param') {
    const bound = bind(mapping, t1, t2);
    if (bound !== 'unrelated') return bound;
  }
  if (t1.kind === 'param') {
    const bound = bind(mapping, t2, t1);
    return bound === 'unrelated' ? undefined : bound;
  }
  if (isDynOrError(t1) || isDynOrError(t2)) return mapping;
  if (t1.kind === 'null') return isNullable(t2) ? mapping : undefined;
  if (t2.kind === 'null') return isNullable(t1) ? mapping : undefined;
  if (t1.kind === 'type') return t2.kind === 'type' ? mapping : undefined;
  if (t1.kind !== t2.kind || t1.name !== t2.name) return undefined;
  return assignAll(mapping, t1.params, t2.params);
}

/** A type for a parameter: what it is known to be must fit, and it must not contain itself. */
function bind(mapping: Mapping, type: Type, parameter: Type): Mapping | undefined | 'unrelated' {
  const found = mapping.find(parameter);
  if (sameType(type, parameter)) return mapping;
  if (found !== undefined) {
    const assigned = assign(mapping, type, found);
    if (assigned === undefined) return undefined;
    const known = substitute(assigned, found, false);
    return isMoreGeneral(type, known) ? assigned.with(parameter, type) : assigned;
  }
  return notReferencedIn(mapping, parameter, type) ? mapping.with(parameter, type) : 'unrelated';
}

function notReferencedIn(mapping: Mapping, parameter: Type, within: Type): boolean {
  if (sameType(parameter, within)) return false;
  if (within.kind === 'param') {
    const found = mapping.find(within);
    return found === undefined || notReferencedIn(mapping, parameter, found);
  }
  return within.params.every((type) => notReferencedIn(mapping, parameter, type));
}

function isNullable({ kind }: Type): boolean {
  return kind === 'null' || kind === 'object' || kind === 'duration' || kind === 'timestamp';
}

/** Whether `left` is equal to `right` or says less. */
export function isMoreGeneral(left: Type, right: Type): boolean {
  if (left.kind === 'dyn' || left.kind === 'error') return true;
  if (left.kind === 'param') return true;
  if (right.kind === 'null') return left.kind === 'null';
  if (left.kind !== right.kind || left.name !== right.name || left.params.length !== right.params.length) return false;
  return left.params.every((type, index) => isMoreGeneral(type, right.params[index] as Type));
}
