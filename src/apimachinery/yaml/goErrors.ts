/**
 * What is wrong with a YAML text, in the words and with the line of Go's reader, from what this reader found.
 * Invariant: pure; an error without a counterpart keeps its own words.
 * Counterpart: the scanner and parser of the YAML library that sigs.k8s.io/yaml uses.
 */

/** An error of this reader: its words, and where it stands in the text. */
export interface YamlProblem {
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** `yaml: line 4: did not find expected key` */
export function goYamlError(text: string, problems: readonly YamlProblem[]): string {
  const [first] = problems;
  if (first === undefined) return 'yaml: unknown problem parsing YAML content';
  const { words, by, at } = inGo(text, first, problems);
  const line = lineAt(text, at) + (by === 'scanner' ? 1 : 0);
  // Go's reader counts lines from 0 and takes line 0 for none; only what the scanner finds is counted from 1 then.
  return lineAt(text, at) === 0 ? `yaml: ${words}` : `yaml: line ${line}: ${words}`;
}

/** The words alone, and from where on the text does not read. */
export function goYamlFault(text: string, problems: readonly YamlProblem[]): { readonly words: string; readonly at: number } | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const { words, at } = inGo(text, first, problems);
  return { words, at: at === PAST_END ? text.length : at };
}

interface InGo {
  readonly words: string;
  /** The scanner finds wrong characters, the parser wrong tokens. */
  readonly by: 'scanner' | 'parser';
  readonly at: number;
}

const scanner = (words: string, at: number): InGo => ({ words, by: 'scanner', at });
const parser = (words: string, at: number): InGo => ({ words, by: 'parser', at });

function inGo(text: string, { message, pos: [start] }: YamlProblem, problems: readonly YamlProblem[]): InGo {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (/^ *\t/.test(text.slice(lineStart))) return scanner(ofTab(text.slice(0, lineStart)), start);
  if (message.startsWith('Nested mappings are not allowed')) return scanner(NO_MAPPING, colonFrom(text, start));
  const sequence = problems.find((one) => one.message.startsWith('Unexpected block-seq-ind'));
  if (sequence !== undefined) {
    const before = text.slice(text.lastIndexOf('\n', sequence.pos[0] - 1) + 1, sequence.pos[0]);
    if (before.trim() === '') return parser(EXPECTED_KEY, sequence.pos[0]);
    return scanner('block sequence entries are not allowed in this context', sequence.pos[0]);
  }
  if (/^Implicit (map )?keys need to be/.test(message)) return scanner(EXPECTED_COLON, nextToken(text, start));
  if (/^Missing closing ["']quote/.test(message)) return scanner(UNEXPECTED_END, text.length);
  return ofFlow(text, start, message) ?? ofBlock(text, start, message);
}

export const NO_MAPPING = 'mapping values are not allowed in this context';
export const EXPECTED_COLON = "could not find expected ':'";
export const UNEXPECTED_END = 'found unexpected end of stream';
export const EXPECTED_KEY = 'did not find expected key';
export const EXPECTED_ITEM = "did not find expected '-' indicator";
const EXPECTED_NODE = 'did not find expected node content';

/** What a tab is taken for depends on what it would continue. */
function ofTab(before: string): string {
  const line = before.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (/(^|[\s:-])[|>][-+0-9]*$/.test(line)) return 'found a tab character where an indentation space is expected';
  if (line === '' || /[:\-?'"\]}#]$/.test(line) || line.includes(' #')) return CANNOT_START;
  return 'found a tab character that violates indentation';
}

const CANNOT_START = 'found character that cannot start any token';

function ofFlow(text: string, start: number, message: string): InGo | undefined {
  const flow = /^Flow (sequence|map)/.exec(message)?.[1];
  if (flow !== undefined) {
    // What is open and has no item begun lacks an item; otherwise what would go on with it.
    if (/[[{,:]\s*$/.test(text.slice(0, start))) return parser(EXPECTED_NODE, endOr(text, start));
    return parser(`did not find expected ',' or '${flow === 'map' ? '}' : ']'}'`, endOr(text, start));
  }
  if (message.startsWith('Unexpected , in flow')) return parser(EXPECTED_NODE, start);
  if (!/^Unexpected flow-(seq|map)-end/.test(message)) return undefined;
  return parser(/[:-]\s*$/.test(text.slice(0, start)) ? EXPECTED_NODE : nextOfBlock(text, start), start);
}

function ofBlock(text: string, start: number, message: string): InGo {
  if (message.startsWith('Sequence item without - indicator')) return parser(EXPECTED_ITEM, start);
  if (message.startsWith('A block sequence may not be used')) return parser(EXPECTED_KEY, start);
  if (/^All (mapping|sequence) items must start at the same column|^Unexpected .* at node end/.test(message))
    return parser(nextOfBlock(text, start), start);
  return scanner(SCANNED.find(([beginning]) => message.startsWith(beginning))?.[1] ?? message, start);
}

const SCANNED: readonly (readonly [beginning: string, words: string])[] = [
  ['Alias cannot be an empty', 'did not find expected alphabetic or numeric character'],
  ['Anchor cannot be an empty', 'did not find expected alphabetic or numeric character'],
  ['Invalid escape sequence', 'found unknown escape character'],
  ['Plain value cannot start with', CANNOT_START],
  ['Verbatim tags must end', "did not find the expected '>'"],
  ['Block scalar header', 'did not find expected comment or line break'],
];

/** What would have to stand at a place: the next item of the list there, or the next key. */
function nextOfBlock(text: string, start: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.slice(lineStart);
  const own = text.slice(lineStart, start).trim();
  if (own !== '') return /^- (?!.*:\s)/.test(own) ? EXPECTED_ITEM : EXPECTED_KEY;
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  // Blocks that start further to the right have ended; the innermost that is left decides.
  for (const above of text.slice(0, lineStart).split('\n').toReversed()) {
    const column = /^ */.exec(above)?.[0].length ?? 0;
    if (above.trim() === '' || above.trimStart().startsWith('#') || column > indent) continue;
    return above.startsWith('-', column) ? EXPECTED_ITEM : EXPECTED_KEY;
  }
  return EXPECTED_KEY;
}

function colonFrom(text: string, start: number): number {
  const found = /:(?=\s|$)/.exec(text.slice(start));
  return found === null ? start : start + found.index;
}

/** Where the next token begins after the line of a plain scalar. */
function nextToken(text: string, start: number): number {
  const rest = /^[^\n]*(\n[ \t]*(#[^\n]*)?(?=\n|$))*\n?/.exec(text.slice(start))?.[0] ?? '';
  return endOr(text, start + rest.length);
}

/** Past the last line the scanner has begun a new one, whether the text has a line break there or not. */
const PAST_END = -1;

function endOr(text: string, at: number): number {
  return text.slice(at).trim() === '' ? PAST_END : at;
}

/** From 0. */
function lineAt(text: string, at: number): number {
  const before = at === PAST_END ? (text.endsWith('\n') ? text : `${text}\n`) : text.slice(0, at);
  return before.split('\n').length - 1;
}
