import { parseScript } from './parse.ts';
import type { Frame, ShellState } from './state.ts';
import type { Node, Script, Word } from './syntax.ts';

/** Loops by script and node: whether they are without an end. Scripts are parsed once. */
const known = new WeakMap<Script, Map<number, boolean>>();

/** What takes a shell out of a loop, or may. */
const WAYS_OUT: ReadonlySet<string> = new Set(['break', 'return', 'exit', 'exec', 'kill', 'eval', '.', 'source', 'set', 'trap']);

/**
 * Whether a loop goes on for ever by what is written: its condition always holds, and nothing in it leads out.
 * Examples: `while true; do date; sleep 5; done`; not `while true; do test -f /done && break; done`, which may end.
 */
export function isEndless(shell: ShellState, frame: Extract<Frame, { k: 'loop' }>): boolean {
  const script = parseScript(shell.sources[frame.s] ?? '');
  if (typeof script === 'string') return false;
  let loops = known.get(script);
  if (loops === undefined) known.set(script, (loops = new Map()));
  let endless = loops.get(frame.n);
  if (endless === undefined) loops.set(frame.n, (endless = judge(script, frame.n)));
  return endless;
}

function judge(script: Script, loop: number): boolean {
  const node = script.nodes[loop];
  if (node?.kind !== 'loop' || !holds(script, node)) return false;
  // Whoever calls functions or sets options may be taken out from anywhere.
  const names = new Set(script.nodes.flatMap((each) => (each.kind === 'function' ? [each.name] : [])));
  return !script.nodes.some((each) => wordsOf(each).some((word) => names.has(word) || WAYS_OUT.has(word)));
}

function holds(script: Script, { condition, until }: Extract<Node, { kind: 'loop' }>): boolean {
  let node = script.nodes[condition];
  while (node !== undefined) {
    if (node.kind === 'list' || node.kind === 'andor') {
      if (node.items.length !== 1) return false;
      node = script.nodes[node.items[0]?.node ?? -1];
    } else if (node.kind === 'pipeline') {
      if (node.commands.length !== 1 || node.negated) return false;
      node = script.nodes[node.commands[0] ?? -1];
    } else return node.kind === 'simple' && node.words.length === 1 && isOneOf(node.words[0], until ? ['false'] : ['true', ':']);
  }
  return false;
}

function isOneOf(word: Word | undefined, names: readonly string[]): boolean {
  return names.includes(textOf(word));
}

/** The names of the commands of a node. */
function wordsOf(node: Node): readonly string[] {
  return node.kind === 'simple' ? [textOf(node.words[0])] : [];
}

/** Empty where it is more than a text. */
function textOf(word: Word | undefined): string {
  return (word ?? []).every(({ kind }) => kind === 'text')
    ? (word ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : '';
}
