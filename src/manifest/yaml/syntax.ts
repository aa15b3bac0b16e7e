/**
 * What keeps a text from being read as YAML: the first fault, where a reader would look for it, and what would put it right.
 * Invariant: one fault a document, as whatever follows from it is noise; pure. Counterpart: what kubectl prints before it asks a server.
 */
import { isScalar, visit, type Document } from 'yaml';
import {
  EXPECTED_COLON,
  EXPECTED_ITEM,
  EXPECTED_KEY,
  goYamlFault,
  NO_MAPPING,
  UNEXPECTED_END,
  type YamlProblem,
} from '../../apimachinery/yaml/goErrors.ts';
import type { Lines } from './lines.ts';
import type { CodeFix, Range } from '../model.ts';

export interface SyntaxProblem {
  readonly range: Range;
  readonly message: string;
  readonly fixes: readonly CodeFix[];
}

/** @param document as it was read in spite of its errors */
export function syntaxProblem(text: string, lines: Lines, document: Document): SyntaxProblem | undefined {
  const [first] = document.errors;
  if (first === undefined) return undefined;
  const start = Math.min(first.pos[0], text.length);
  const line = lines.lineAt(start);
  if (TABBED.test(line.text)) return tabs(lines, document.errors, line);
  const fault = goYamlFault(text, document.errors);
  switch (fault?.words) {
    case NO_MAPPING:
      return noMapping(text, lines, start, fault.at);
    case EXPECTED_COLON:
      return noColon(lines, start, line);
    case UNEXPECTED_END:
      return openQuote(lines, document, start, first);
    case EXPECTED_KEY:
      return { range: tokenAt(lines, start), message: `${EXPECTED_KEY}: the keys of a map begin at the same column`, fixes: [] };
    case EXPECTED_ITEM:
      return {
        range: tokenAt(lines, start),
        message: `${EXPECTED_ITEM}: the items of a list begin with '-' at the same column`,
        fixes: [],
      };
    default:
      return { range: tokenAt(lines, start), message: fault?.words ?? first.message, fixes: [] };
  }
}

interface Line {
  readonly start: number;
  readonly text: string;
}

/** Of tabs within a text of several lines nobody complains: they are part of it. */
function tabs(lines: Lines, errors: readonly YamlProblem[], { start, text: line }: Line): SyntaxProblem {
  const indents = new Map<number, Line>();
  for (const { pos } of errors) {
    const at = lines.lineAt(pos[0]);
    if (TABBED.test(at.text)) indents.set(at.start, at);
  }
  const edits = [...indents.values()].map((each) => {
    const indent = /^[ \t]*/.exec(each.text)?.[0] ?? '';
    return { range: lines.range(each.start, each.start + indent.length), newText: indent.replaceAll('\t', '  ') };
  });
  const from = line.indexOf('\t');
  const length = /^\t+/.exec(line.slice(from))?.[0].length ?? 1;
  return {
    range: lines.range(start + from, start + from + length),
    message: 'found a tab where the text is indented: YAML takes spaces only',
    fixes: [{ title: 'Indent by spaces', edits, preferred: true }],
  };
}

const TABBED = /^ *\t/;

/** A colon where no key can be: on the same line as another one, or on a line that goes on with the value above. */
function noMapping(text: string, lines: Lines, start: number, colon: number): SyntaxProblem {
  const line = lines.lineAt(colon);
  if (line.start > start) {
    const indent = /^ */.exec(line.text)?.[0].length ?? 0;
    const above = /^ */.exec(lines.lineAt(start).text)?.[0] ?? '';
    const edit = { range: lines.range(line.start, line.start + indent), newText: above };
    return {
      range: lines.range(line.start + indent, colon),
      message: `${NO_MAPPING}: the line is indented below a key that has a value already`,
      fixes: [{ title: 'Indent like the line above', edits: [edit], preferred: false }],
    };
  }
  const value = text.slice(start, line.start + line.text.length).replace(/\s+(#.*)?$/, '');
  const range = lines.range(start, start + value.length);
  const edit = { range, newText: JSON.stringify(value) };
  return {
    range,
    message: `${NO_MAPPING}: a text with a colon and a space in it needs quotes`,
    fixes: /["']/.test(value) ? [] : [{ title: 'Put it in quotes', edits: [edit], preferred: true }],
  };
}

function noColon(lines: Lines, start: number, line: Line): SyntaxProblem {
  const glued = /^\s*(?:- +)*([\w./-]+):(?=[^\s:/])/.exec(line.text);
  if (glued !== null) {
    const after = line.start + glued[0].length;
    return {
      range: tokenAt(lines, start),
      message: `${EXPECTED_COLON}: a space belongs after the colon`,
      fixes: [{ title: 'Insert a space', edits: [{ range: lines.range(after, after), newText: ' ' }], preferred: true }],
    };
  }
  return { range: tokenAt(lines, start), message: `${EXPECTED_COLON}: a key is followed by a colon`, fixes: [] };
}

/** The reader notices at the end of the text; who reads looks for the quote that opens. */
function openQuote(lines: Lines, document: Document, end: number, { message }: YamlProblem): SyntaxProblem {
  let start = end;
  visit(document, (_, node) => {
    if (isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') && node.range) start = node.range[0];
  });
  const line = lines.lineAt(start);
  const quote = message.includes('"') ? '"' : "'";
  return { range: lines.range(start, line.start + line.text.length), message: `the text has no closing ${quote}`, fixes: [] };
}

/** From the first character that is not blank to the end of the word there, on one line. */
function tokenAt(lines: Lines, at: number): Range {
  const line = lines.lineAt(at);
  const blank = /^\s*/.exec(line.text.slice(at - line.start))?.[0].length ?? 0;
  const start = at + blank < line.start + line.text.length ? at + blank : at;
  const word = /^(?:[^\s:,[\]{}]|:(?=\S))+/.exec(line.text.slice(start - line.start))?.[0].length ?? 0;
  return lines.range(start, Math.min(start + Math.max(word, 1), Math.max(line.start + line.text.length, start)));
}
