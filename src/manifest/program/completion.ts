/**
 * What can be typed within a scripted program, and the names of the annotations that hold one.
 * Invariant: the text up to the cursor decides; it is read as YAML with a mark at the cursor, whatever way it is quoted.
 */
import { isMap, isPair, isScalar } from 'yaml';
import { PROGRAM_ANNOTATION, SANDBOX_ANNOTATION } from '../../runtime/programs/grammar.ts';
import { keyText, readDocument, type YamlDocument } from '../yaml/document.ts';
import type { Completion, Range } from '../model.ts';
import { isRecord } from '../recognise.ts';
import { podPartOf } from './podTemplates.ts';
import { isStatement, nextWords, STATEMENT_NAMES, STATEMENTS, WORDS } from './statements.ts';
import { statementsOf } from './words.ts';

const MARK = 'kubepad-cursor';

/** Undefined: the cursor is in no program. */
export function completeProgram({ text, lines }: YamlDocument, offset: number): readonly Completion[] | undefined {
  if (!text.includes(PROGRAM_ANNOTATION)) return undefined;
  const document = readDocument(`${text.slice(0, offset)}${MARK}${text.slice(offset)}`);
  const typed = programBefore(document.root);
  if (typed === undefined) return undefined;
  const { words } = statementsOf(typed).at(-1) ?? { words: [] };
  const own = /\S$/.test(typed) ? words.at(-1) : undefined;
  const before = (own === undefined ? words : words.slice(0, -1)).map((word) => word.text);
  const start = offset - (own === undefined ? 0 : own.end - own.start);
  const range = lines.range(start, offset + (/^[\w-]*/.exec(text.slice(offset))?.[0].length ?? 0));
  const [keyword, ...rest] = before;
  if (keyword === undefined) return STATEMENT_NAMES.map((name, index) => statement(name, index, range));
  return isStatement(keyword) ? nextWords(keyword, rest).map((word, index) => value(word, index, range)) : [];
}

/** The value of the program with the mark, up to that. */
function programBefore(root: unknown): string | undefined {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (found.length > 0 || !isMap(node)) return;
    for (const pair of node.items) {
      const { value: own } = pair;
      if (isMap(own)) visit(own);
      else if (isPair(pair) && isScalar(own) && typeof own.value === 'string' && keyText(pair).startsWith(PROGRAM_ANNOTATION)) {
        const at = own.value.indexOf(MARK);
        if (at >= 0) found.push(own.value.slice(0, at));
      }
    }
  };
  visit(root);
  return found[0];
}

function statement(name: keyof typeof STATEMENTS, index: number, range: Range): Completion {
  const { form, meaning, snippet } = STATEMENTS[name];
  return {
    label: name,
    kind: 'value',
    range,
    insertText: snippet,
    snippet: true,
    detail: form,
    documentation: meaning,
    required: false,
    sortText: String(index).padStart(4, '0'),
  };
}

function value(word: string, index: number, range: Range): Completion {
  return {
    label: word,
    kind: 'value',
    range,
    insertText: word,
    snippet: false,
    detail: '',
    documentation: WORDS.get(word) ?? '',
    required: false,
    sortText: String(index).padStart(4, '0'),
  };
}

/** The keys for each container of the Pod, where annotations of one are written. */
export function programKeys(object: unknown, path: string, range: Range, renaming: boolean): readonly Completion[] {
  const part = isRecord(object) ? podPartOf(object) : undefined;
  if (part === undefined || !path.startsWith(part.at.child('metadata', 'annotations').toString())) return [];
  const keys = [...part.containers.map((name) => PROGRAM_ANNOTATION + name), SANDBOX_ANNOTATION];
  return keys
    .filter((key) => part.annotations[key] === undefined)
    .map((key, index) => ({
      label: key,
      kind: 'field',
      range,
      insertText: renaming ? key : `${key}: $0`,
      snippet: !renaming,
      detail: key === SANDBOX_ANNOTATION ? 'why the sandbox fails' : 'what the container does',
      documentation: '',
      required: false,
      sortText: `0${index}`,
    }));
}
