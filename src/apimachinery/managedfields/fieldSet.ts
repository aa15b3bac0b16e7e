/**
 * Sets of field paths in the very form in which managedFields shows them (`fieldsV1`): a tree of path elements.
 * Invariant: sets are never changed, so parts of them are shared freely; operations return their operand where nothing changes.
 * Counterpart: sigs.k8s.io/structured-merge-diff/fieldpath.Set.
 *
 * A node without members is a field that is in the set; a node with members is in the set only if it has the member `.`.
 * Example: {f:data: {f:x: {}}} holds `.data.x` but not `.data`; {f:data: {'.': {}, f:x: {}}} holds both. The root is no field.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** A field that is in the set, with nothing of it below. */
export const LEAF: FieldSet = Object.freeze({});
export const EMPTY: FieldSet = LEAF;
export const SELF = '.';

/** A set while it is being made. */
export type FieldSetDraft = Record<string, FieldSet>;

export function isEmptySet(set: FieldSet): boolean {
  for (const _element in set) return false;
  return true;
}

/** Whether the field that a node stands for is in the set itself. */
export function isMember(node: FieldSet): boolean {
  return node[SELF] !== undefined || isEmptySet(node);
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  return isEmptySet(right) ? left : unionOfNodes(left, right);
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return isEmptySet(left) || isEmptySet(right) ? left : (subtract(left, right, false, true) ?? EMPTY);
}

/** As `difference`, but what stands below a member of the right set goes with it. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  return isEmptySet(left) || isEmptySet(right) ? left : (subtract(left, right, true, true) ?? EMPTY);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return isEmptySet(left) || isEmptySet(right) ? EMPTY : (intersect(left, right, true) ?? EMPTY);
}

export function isSameSet(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  let count = 0;
  for (const element in left) {
    const theirs = right[element];
    if (theirs === undefined || !isSameSet(left[element] ?? LEAF, theirs)) return false;
    count++;
  }
  for (const _element in right) count--;
  return count === 0;
}

/** Whether a path (as elements) is in the set. */
export function has(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return node !== undefined && node !== set && isMember(node);
}

/** The set of one path. */
export function setOf(path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), LEAF);
}

/** All paths, those that end at a level before those that go deeper, each in order. */
export function pathsOf(set: FieldSet): readonly (readonly string[])[] {
  const paths: (readonly string[])[] = [];
  const walk = (node: FieldSet, prefix: readonly string[]): void => {
    const elements = Object.keys(node)
      .filter((element) => element !== SELF)
      .toSorted(compareElements);
    for (const element of elements) if (isMember(node[element] ?? LEAF)) paths.push([...prefix, element]);
    for (const element of elements) {
      const child = node[element];
      if (child !== undefined && !isEmptySet(child)) walk(child, [...prefix, element]);
    }
  };
  walk(set, []);
  return paths;
}

/** The set with its elements in the order in which they are printed. */
export function inOrder(set: FieldSet): FieldSet {
  const elements = Object.keys(set);
  if (elements.length === 0) return LEAF;
  const result: FieldSetDraft = {};
  for (const element of elements.toSorted(compareElements)) result[element] = inOrder(set[element] ?? LEAF);
  return result;
}

/** A node from its membership and what is below it; undefined if there is neither. */
export function nodeOf(member: boolean, below: FieldSetDraft | undefined): FieldSet | undefined {
  if (below === undefined) return member ? LEAF : undefined;
  if (member) below[SELF] = LEAF;
  return below;
}

/** Fields, then keyed items, then values, then indexes; within a kind by text. */
function compareElements(left: string, right: string): number {
  const order = KINDS.indexOf(left.charAt(0)) - KINDS.indexOf(right.charAt(0));
  return order === 0 ? (left < right ? -1 : left > right ? 1 : 0) : order;
}

const KINDS = '.fkvi';

function unionOfNodes(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left;
  let result: FieldSetDraft | undefined;
  if (isEmptySet(right)) return isMember(left) ? left : { [SELF]: LEAF, ...left };
  if (isEmptySet(left)) return isMember(right) ? right : { [SELF]: LEAF, ...right };
  for (const element in right) {
    const theirs = right[element];
    if (theirs === undefined) continue;
    const own = left[element];
    const both = own === undefined ? theirs : unionOfNodes(own, theirs);
    if (both !== own) (result ??= { ...left })[element] = both;
  }
  return result ?? left;
}

function subtract(left: FieldSet, right: FieldSet, recursive: boolean, root: boolean): FieldSet | undefined {
  const taken = !root && isMember(right);
  if (taken && recursive) return undefined;
  const member = !root && isMember(left) && !taken;
  let changed = !root && member !== isMember(left);
  let below: FieldSetDraft | undefined;
  for (const element in left) {
    if (element === SELF) continue;
    const own = left[element] ?? LEAF;
    const theirs = right[element];
    const rest = theirs === undefined ? own : subtract(own, theirs, recursive, false);
    if (rest !== own) changed = true;
    if (rest !== undefined) (below ??= {})[element] = rest;
  }
  return changed ? nodeOf(member, below) : left;
}

function intersect(left: FieldSet, right: FieldSet, root: boolean): FieldSet | undefined {
  let below: FieldSetDraft | undefined;
  for (const element in left) {
    const own = left[element];
    const theirs = right[element];
    if (element === SELF || own === undefined || theirs === undefined) continue;
    const both = intersect(own, theirs, false);
    if (both !== undefined) (below ??= {})[element] = both;
  }
  return nodeOf(!root && isMember(left) && isMember(right), below);
}
