/**
 * What is wrong with the aliases and merge keys of a tree that was read.
 * Invariant: refuses what the decoder of Kubernetes refuses and nothing else; the work is bounded by what that one allows.
 * Counterpart: the alias rules of go-yaml, which sigs.k8s.io/yaml decodes with.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, type Alias, type Node, type Pair } from 'yaml';

export interface AliasProblem {
  /** Where it shows. */
  readonly node: Node;
  /** As go-yaml says it. */
  readonly message: string;
}

/** Undefined: the tree can be expanded to plain data. */
export function aliasProblem(root: unknown): AliasProblem | undefined {
  const tree = new Tree();
  const problem = tree.inspect(root);
  return problem ?? (tree.targets.size === 0 ? undefined : new Expansion(tree.targets).visit(root));
}

/** `<<: *base`; in quotes it is a field of that name. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** Finds what each alias stands for: the last node before it with that anchor. */
class Tree {
  readonly targets = new Map<Alias, Node>();
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();

  inspect(node: unknown): AliasProblem | undefined {
    if (isPair(node)) return this.inspect(node.key) ?? this.inspect(node.value) ?? this.mergeProblem(node);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) return { node, message: `unknown anchor '${node.source}' referenced` };
      if (this.open.has(target)) return { node, message: `anchor '${node.source}' value contains itself` };
      this.targets.set(node, target);
      return undefined;
    }
    if (!isSeq(node) && !isMap(node) && !isScalar(node)) return undefined;
    if (node.anchor !== undefined) {
      this.anchors.set(node.anchor, node);
      this.open.add(node);
    }
    if (!isScalar(node)) {
      for (const item of node.items) {
        const problem = this.inspect(item);
        if (problem !== undefined) return problem;
      }
    }
    this.open.delete(node);
    return undefined;
  }

  private mergeProblem(pair: Pair): AliasProblem | undefined {
    if (!isMerge(pair)) return undefined;
    const value = this.resolved(pair.value);
    const isMergeable = isMap(value) || (isSeq(value) && value.items.every((item) => isMap(this.resolved(item))));
    const node = (pair.value ?? pair.key) as Node;
    return isMergeable ? undefined : { node, message: 'map merge requires map or sequence of maps as the value' };
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? this.targets.get(node) : node;
  }
}

/** Counts the nodes of the expanded tree, and how many of them there are because of aliases. */
class Expansion {
  private readonly targets: ReadonlyMap<Alias, Node>;
  private nodes = 0;
  private aliased = 0;
  private depth = 0;

  constructor(targets: ReadonlyMap<Alias, Node>) {
    this.targets = targets;
  }

  visit(node: unknown): AliasProblem | undefined {
    if (isPair(node)) return this.visit(node.key) ?? this.visit(node.value);
    this.nodes++;
    if (this.depth > 0) this.aliased++;
    if (this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > allowedShare(this.nodes))
      return { node: node as Node, message: 'document contains excessive aliasing' };
    if (isAlias(node)) {
      this.depth++;
      const problem = this.visit(this.targets.get(node));
      this.depth--;
      // The place that a reader can mend is the outermost alias.
      return problem === undefined ? undefined : { ...problem, node };
    }
    if (isSeq(node) || isMap(node)) {
      for (const item of node.items) {
        const problem = this.visit(item);
        if (problem !== undefined) return problem;
      }
    }
    return undefined;
  }
}

const FEW = 400_000;
const MANY = 4_000_000;

/** A small document may be nearly all aliases; the larger it becomes by them, the fewer they may be. */
function allowedShare(nodes: number): number {
  if (nodes <= FEW) return 0.99;
  return nodes >= MANY ? 0.1 : 0.99 - (0.89 * (nodes - FEW)) / (MANY - FEW);
}
