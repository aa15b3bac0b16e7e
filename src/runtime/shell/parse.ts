/**
 * Reads scripts of the POSIX shell, with what people use of bash beside it (`[[ ]]`, `((  ))`, `function`, here-strings).
 * Invariant: never throws; what it does not know is a syntax error. Counterpart: /bin/sh.
 */
import { Lexer } from './lexer.ts';
import { Reader } from './reader.ts';
import type { Assignment, CaseClause, Node, Redirect, Script, Word } from './syntax.ts';

const CACHE_LIMIT = 512;
/** A pure memo: the containers of one template run the same text. */
const parsed = new Map<string, Script | string>();

/** @returns the script, or the text of the syntax error */
export function parseScript(text: string): Script | string {
  let script = parsed.get(text);
  if (script === undefined) {
    script = new Parser(text).script();
    if (parsed.size >= CACHE_LIMIT) parsed.clear();
    parsed.set(text, script);
  }
  return script;
}

const MAX_DEPTH = 60;
const FUNCTION = /([A-Za-z_][\w.-]*)[ \t]*\([ \t]*\)/y;
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=([^]*)$/;
/** Behind these stand assignments. */
const DECLARES = ['declare', 'export', 'local', 'readonly', 'typeset'];
const ENDS = new Set(['then', 'fi', 'elif', 'else', 'do', 'done', 'esac', '}']);

class Parser extends Lexer {
  private readonly nodes: Node[] = [];
  private depth = 0;

  script(): Script | string {
    const root = this.list();
    if (!this.ended && this.problem === undefined) this.unexpected();
    return this.problem ?? { nodes: this.nodes, root, ...(this.usesBash ? { usesBash: true } : {}) };
  }

  private add(node: Node): number {
    return this.nodes.push(node) - 1;
  }

  /** Commands up to a word or an operator that ends them. */
  private list(): number {
    const items: { node: number; background: boolean }[] = [];
    if (++this.depth > MAX_DEPTH) this.fail('syntax error: nested too deeply');
    for (;;) {
      this.separators();
      const literal = this.literal();
      const operator = this.operator();
      if (this.ended || operator === ')' || operator?.startsWith(';;') === true || operator === ';&') break;
      if (literal !== undefined && ENDS.has(literal)) break;
      const node = this.andOr();
      const separator = this.operator();
      items.push({ node, background: separator === '&' });
      if (separator === ';' || separator === '&') this.at += 1;
      else if (separator !== '\n' && separator !== ')' && separator?.startsWith(';') !== true && !this.ended) {
        const end = this.literal();
        if (end === undefined || !ENDS.has(end)) this.unexpected();
      }
    }
    this.depth--;
    return this.add({ kind: 'list', items });
  }

  private andOr(): number {
    const items: { node: number; operator: '&&' | '||' | '' }[] = [{ node: this.pipeline(), operator: '' }];
    for (let operator = this.operator(); operator === '&&' || operator === '||'; operator = this.operator()) {
      this.at += 2;
      this.separators(true);
      if (this.ended) this.fail('syntax error: unexpected end of file');
      items.push({ node: this.pipeline(), operator });
    }
    return items.length === 1 ? (items[0]?.node ?? 0) : this.add({ kind: 'andor', items });
  }

  private pipeline(): number {
    let negated = false;
    for (; this.literal() === '!'; this.blanks()) {
      negated = !negated;
      this.at++;
    }
    const commands = [this.command()];
    for (let operator = this.operator(); operator === '|' || operator === '|&'; operator = this.operator()) {
      this.at += operator.length;
      this.separators(true);
      if (this.ended) this.fail('syntax error: unexpected end of file');
      commands.push(this.command());
    }
    return commands.length === 1 && !negated ? (commands[0] ?? 0) : this.add({ kind: 'pipeline', commands, negated });
  }

  private command(): number {
    this.blanks();
    if (this.text.startsWith('((', this.at)) {
      const end = this.text.indexOf('))', this.at);
      if (end > 0) {
        const expression = new Reader(this.text.slice(this.at + 2, end)).parts(() => false, true);
        this.at = end + 2;
        return this.redirected(this.add({ kind: 'arithmetic', expression }));
      }
    }
    if (this.text[this.at] === '(') {
      this.at++;
      const body = this.list();
      this.expect(')');
      return this.redirected(this.add({ kind: 'subshell', body }));
    }
    FUNCTION.lastIndex = this.at;
    const made = FUNCTION.exec(this.text);
    if (made !== null) {
      this.at += made[0].length;
      return this.functionBody(made[1] ?? '');
    }
    switch (this.literal()) {
      case '{': {
        this.at++;
        const body = this.list();
        this.keyword('}');
        return this.redirected(this.add({ kind: 'group', body, redirects: [] }));
      }
      case 'if':
        return this.redirected(this.conditional());
      case 'while':
      case 'until':
        return this.redirected(this.loop(this.literal() === 'until'));
      case 'for':
        return this.redirected(this.forLoop());
      case 'case':
        return this.redirected(this.caseOf());
      case 'function': {
        this.take('function');
        const name = this.literal() ?? '';
        this.take(name);
        if (/^[ \t]*\([ \t]*\)/.test(this.text.slice(this.at, this.at + 20))) this.at = this.text.indexOf(')', this.at) + 1;
        return this.functionBody(name);
      }
      default:
        return this.simple();
    }
  }

  private functionBody(name: string): number {
    this.separators(true);
    return this.add({ kind: 'function', name, body: this.command() });
  }

  private conditional(): number {
    const clauses: { condition: number; body: number }[] = [];
    do {
      this.take(this.literal() ?? '');
      const condition = this.list();
      this.keyword('then');
      clauses.push({ condition, body: this.list() });
    } while (this.literal() === 'elif' && this.problem === undefined);
    let otherwise: number | undefined;
    if (this.literal() === 'else') {
      this.take('else');
      otherwise = this.list();
    }
    this.keyword('fi');
    return this.add({ kind: 'if', clauses, ...(otherwise === undefined ? {} : { otherwise }) });
  }

  private loop(until: boolean): number {
    this.at += 5;
    const condition = this.list();
    return this.add({ kind: 'loop', until, condition, body: this.body() });
  }

  private body(): number {
    this.keyword('do');
    const body = this.list();
    this.keyword('done');
    return body;
  }

  private forLoop(): number {
    this.take('for');
    if (this.text.startsWith('((', this.at)) return this.countingLoop();
    const name = this.literal() ?? '';
    if (!/^[A-Za-z_]\w*$/.test(name)) this.fail('syntax error: bad for loop variable');
    this.take(name);
    this.separators(true);
    let words: Word[] | null = null;
    if (this.literal() === 'in') {
      this.take('in');
      words = [];
      for (this.blanks(); !this.ended && this.operator() === undefined; this.blanks()) {
        const word = this.word();
        if (word.length === 0) this.unexpected();
        words.push(word);
      }
    }
    this.separators();
    return this.add({ kind: 'for', name, words, body: this.body() });
  }

  /** `for ((i = 0; i < 3; i++))` */
  private countingLoop(): number {
    const end = this.text.indexOf('))', this.at);
    const parts = this.text.slice(this.at + 2, end).split(';');
    if (end < 0 || parts.length !== 3) {
      this.fail('syntax error: bad for loop');
      return 0;
    }
    const [first = 0, condition = 0, next = 0] = parts.map((text, index) => {
      const expression = text.trim() === '' && index === 1 ? '1' : text;
      return this.add({ kind: 'arithmetic', expression: new Reader(expression).parts(() => false, true) });
    });
    this.at = end + 2;
    this.separators();
    const loop = this.add({ kind: 'loop', until: false, condition, body: this.body(), next });
    return this.add({ kind: 'list', items: [first, loop].map((node) => ({ node, background: false })) });
  }

  private caseOf(): number {
    this.take('case');
    this.blanks();
    const word = this.word();
    this.separators(true);
    this.keyword('in');
    const clauses: CaseClause[] = [];
    for (this.separators(true); !this.ended && this.literal() !== 'esac'; this.separators(true)) {
      if (this.text[this.at] === '(') this.at++;
      const patterns: Word[] = [];
      for (;;) {
        this.blanks();
        patterns.push(this.word());
        this.blanks();
        if (this.text[this.at] !== '|') break;
        this.at++;
      }
      this.expect(')');
      const body = this.list();
      const operator = this.operator();
      clauses.push({ patterns, body, ...(operator === ';&' ? { fallsThrough: true } : {}) });
      if (operator === ';;' || operator === ';&' || operator === ';;&') this.at += operator.length;
    }
    this.keyword('esac');
    return this.add({ kind: 'case', word, clauses });
  }

  private simple(): number {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (this.blanks(); !this.ended; this.blanks()) {
      const inTest = isPlain(words[0], '[[') && !isPlain(words.at(-1), ']]');
      const redirect = inTest ? undefined : this.redirect();
      if (redirect !== undefined) {
        redirects.push(redirect);
        continue;
      }
      if (inTest && isPlain(words.at(-1), '=~')) {
        words.push(this.expression());
        continue;
      }
      if (inTest) {
        const symbol = /&&|\|\||[<>()!]/y;
        symbol.lastIndex = this.at;
        const found = symbol.exec(this.text);
        if (found !== null && !(found[0] === '!' && this.text[this.at + 1] === '=')) {
          this.at += found[0].length;
          words.push([{ kind: 'text', text: found[0], quoted: false }]);
          continue;
        }
        if (this.text[this.at] === '\n') {
          this.at++;
          continue;
        }
      }
      if (this.operator() !== undefined) break;
      const word = this.word();
      const declares = DECLARES.some((name) => isPlain(words[0], name));
      const assigned = words.length === 0 || declares ? assignmentOf(word) : undefined;
      const isArray = assigned?.value.length === 0 && assigned.subscript === undefined && this.text[this.at] === '(';
      const assignment = assigned !== undefined && isArray ? { ...assigned, items: this.items() } : assigned;
      if (assignment === undefined || (declares && !isArray)) words.push(word);
      else {
        assignments.push(assignment);
        if (declares) words.push([{ kind: 'text', text: assignment.name, quoted: false }]);
      }
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.unexpected();
    return this.add({ kind: 'simple', assignments, words, redirects });
  }

  /** The words between the brackets of `NAME=(…)`. */
  private items(): readonly Word[] {
    const items: Word[] = [];
    this.usesBash = true;
    this.at++;
    for (this.separators(true); !this.ended && this.text[this.at] !== ')'; this.separators(true)) {
      if (this.operator() !== undefined) this.unexpected();
      else items.push(this.word());
    }
    this.expect(')');
    return items;
  }

  /** Redirects behind a compound command hold for all of it. */
  private redirected(body: number): number {
    const redirects: Redirect[] = [];
    this.blanks();
    for (let redirect = this.redirect(); redirect !== undefined; redirect = this.redirect()) {
      redirects.push(redirect);
      this.blanks();
    }
    return redirects.length === 0 ? body : this.add({ kind: 'group', body, redirects });
  }
}

function isPlain(word: Word | undefined, text: string): boolean {
  const [only] = word ?? [];
  return word?.length === 1 && only?.kind === 'text' && !only.quoted && only.text === text;
}

function assignmentOf(word: Word): Assignment | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = ASSIGNMENT.exec(first.text);
  if (match === null) return elementOf(word);
  const [, name = '', plus = '', text = ''] = match;
  return { name, append: plus === '+', value: text === '' ? rest : [{ ...first, text }, ...rest] };
}

/** `NAME[INDEX]=VALUE`. */
function elementOf(word: Word): Assignment | undefined {
  const [first] = word;
  if (first?.kind !== 'text' || !/^[A-Za-z_]\w*\[/.test(first.text)) return undefined;
  const end = word.findIndex((part) => part.kind === 'text' && !part.quoted && /\]\+?=/.test(part.text));
  const last = word[end];
  if (last?.kind !== 'text') return undefined;
  const open = first.text.indexOf('[');
  const close = last.text.indexOf(']', end === 0 ? open : 0);
  const append = last.text[close + 1] === '+';
  const piece = (text: string): Word => (text === '' ? [] : [{ kind: 'text', text, quoted: false }]);
  const subscript =
    end === 0
      ? piece(first.text.slice(open + 1, close))
      : [...piece(first.text.slice(open + 1)), ...word.slice(1, end), ...piece(last.text.slice(0, close))];
  const value = [...piece(last.text.slice(close + (append ? 3 : 2))), ...word.slice(end + 1)];
  return { name: first.text.slice(0, open), append, value, subscript };
}
