import type { HttpRule, ImageFault, ImageStatement, OnTerm, ProgramError, Schedule, Start, Verdict, Work } from './grammar.ts';
import type { Draft } from '../../base/json.ts';

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a number stands for, and between which values it lies. */
interface Bounds {
  readonly what: string;
  readonly least: number;
  readonly most: number;
}

const EXIT_CODE: Bounds = { what: 'an exit code from 0 to 255', least: 0, most: 255 };
const PORT: Bounds = { what: 'a port from 1 to 65535', least: 1, most: 65_535 };
const SIZE: Bounds = { what: 'a number of bytes', least: 0, most: Number.MAX_SAFE_INTEGER };
const FAULTS: ReadonlySet<string> = new Set(['missing', 'denied', 'refused', 'private']);
const UNITS_MS: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `3`, `2.5`, `500ms`, `3s`, `1m`; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? 1000));
}

/** Reads the statements of one start, one after another, and gathers what they say. */
export class StatementParser {
  private readonly errors: ProgramError[];
  private readonly work: Work[] = [];
  private readonly made: Draft<Start> = { work: [] };
  private imageStatement: ImageStatement | undefined;
  private words: Word[] = [];
  private position = 0;

  constructor(errors: ProgramError[]) {
    this.errors = errors;
  }

  start(): Start {
    return { ...(this.made as Start), work: this.work };
  }

  image(): ImageStatement | undefined {
    return this.imageStatement;
  }

  /** @param offset of the statement in the whole text */
  parse(statement: string, offset: number): void {
    this.words = [...statement.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      start: offset + match.index,
      end: offset + match.index + match[0].length,
    }));
    this.position = 0;
    const keyword = this.next();
    if (keyword === undefined) return;
    const handled = this.statement(keyword, statement.slice(keyword.end - offset).trim());
    const rest = this.words[this.position];
    if (handled && rest !== undefined) this.fail(rest, `unexpected "${rest.text}"`);
  }

  private statement(keyword: Word, rest: string): boolean {
    switch (keyword.text) {
      case 'run':
        return this.add({ do: 'run' });
      case 'oom':
        return this.add({ do: 'oom' });
      case 'sleep':
        return this.add({ do: 'sleep', ms: this.duration(keyword) });
      case 'exit':
        return this.add({ do: 'exit', code: this.number(keyword, EXIT_CODE) });
      case 'log':
      case 'message':
        this.add({ do: keyword.text, text: rest });
        return this.takeAll();
      case 'start-error':
        this.made.startError = rest;
        return this.takeAll();
      case 'create-error':
        this.made.createError = rest;
        return this.takeAll();
      case 'start-latency':
        this.made.startLatencyMs = this.duration(keyword);
        return true;
      case 'exec':
        this.made.exec = this.schedule(keyword, (word) => this.verdict(word)) as Draft<Schedule<Verdict>>;
        return true;
      case 'serve':
        (this.made.http ??= []).push(this.http(keyword) as Draft<HttpRule>);
        return true;
      case 'tcp':
        (this.made.tcp ??= []).push({ port: this.number(keyword, PORT), state: this.oneOf(keyword, 'open', 'closed') });
        return true;
      case 'grpc':
        (this.made.grpc ??= []).push({ port: this.number(keyword, PORT), state: this.oneOf(keyword, 'serving', 'not-serving') });
        return true;
      case 'on-term':
        this.made.onTerm = this.onTerm();
        return true;
      case 'image':
        this.readImage();
        return true;
      default:
        this.fail(keyword, `unknown statement "${keyword.text}"`);
        return false;
    }
  }

  private add(work: Work): boolean {
    this.work.push(work);
    return true;
  }

  private takeAll(): boolean {
    this.position = this.words.length;
    return true;
  }

  private next(): Word | undefined {
    return this.words[this.position++];
  }

  private peek(): string | undefined {
    return this.words[this.position]?.text;
  }

  private fail(word: Word, message: string): void {
    this.errors.push({ message, start: word.start, end: word.end });
  }

  private duration(after: Word): number {
    const word = this.next();
    const ms = word === undefined ? undefined : parseDuration(word.text);
    if (ms === undefined) this.fail(word ?? after, `"${after.text}" needs a duration such as 3, 500ms, 3s or 1m`);
    return ms ?? 0;
  }

  private number(after: Word, { what, least, most }: Bounds): number {
    const word = this.next();
    const number = word !== undefined && /^\d+$/.test(word.text) ? Number(word.text) : undefined;
    if (number === undefined || number < least || number > most) this.fail(word ?? after, `"${after.text}" needs ${what}`);
    return number ?? 0;
  }

  /** `v { "until" duration "then" v }` */
  private schedule<V>(after: Word, read: (word: Word) => V | undefined): Schedule<V> {
    const entries: { value: V; untilMs?: number }[] = [];
    for (;;) {
      const word = this.next();
      const value = word === undefined ? undefined : read(word);
      if (value === undefined) {
        this.fail(word ?? after, word === undefined ? `"${after.text}" needs a value` : `unexpected "${word.text}"`);
        return entries;
      }
      if (this.peek() !== 'until') {
        entries.push({ value });
        return entries;
      }
      const until = this.next() as Word;
      const time = this.words[this.position];
      const untilMs = this.duration(until);
      if (time !== undefined && untilMs <= (entries.at(-1)?.untilMs ?? -1)) this.fail(time, 'times count from the start and must grow');
      entries.push({ value, untilMs });
      const then = this.next();
      if (then?.text !== 'then') {
        this.fail(then ?? until, 'expected "then"');
        return entries;
      }
    }
  }

  private verdict(word: Word): Verdict | undefined {
    if (word.text === 'ok' || word.text === 'hang') return word.text;
    if (word.text !== 'fail') return undefined;
    const code = this.peek();
    if (code === undefined || !/^\d+$/.test(code)) return { exitCode: 1 };
    this.next();
    return { exitCode: Number(code) };
  }

  private oneOf<V extends string>(keyword: Word, ...values: readonly V[]): Draft<Schedule<V>> {
    return this.schedule(keyword, (word) => values.find((value) => value === word.text)) as Draft<Schedule<V>>;
  }

  private http(keyword: Word): HttpRule {
    const port = this.number(keyword, PORT);
    const path = this.peek()?.startsWith('/') === true ? this.next()?.text : undefined;
    const answer = this.schedule<number | 'hang'>(keyword, (word) =>
      word.text === 'hang' ? 'hang' : /^\d{3}$/.test(word.text) ? Number(word.text) : undefined,
    );
    return { port, ...(path === undefined ? {} : { path }), answer };
  }

  private onTerm(): OnTerm {
    const made: Draft<OnTerm> = { ignore: false, exitCode: 143, afterMs: 0 };
    for (let word = this.next(); word !== undefined; word = this.next()) {
      if (word.text === 'ignore') made.ignore = true;
      else if (word.text === 'exit') made.exitCode = this.number(word, EXIT_CODE);
      else if (word.text === 'after') made.afterMs = this.duration(word);
      else this.fail(word, `unexpected "${word.text}"`);
    }
    return made;
  }

  private readImage(): void {
    const made: Draft<ImageStatement> = { present: false };
    for (let word = this.next(); word !== undefined; word = this.next()) {
      if (word.text === 'present') made.present = true;
      else if (FAULTS.has(word.text)) made.fault = word.text as ImageFault;
      else if (word.text === 'until') made.faultUntilMs = this.duration(word);
      else if (word.text === 'pull') made.pullMs = this.duration(word);
      else if (word.text === 'size') made.sizeBytes = this.number(word, SIZE);
      else if (word.text === 'user') made.user = this.next()?.text ?? '0';
      else this.fail(word, `unexpected "${word.text}"`);
    }
    this.imageStatement = made;
  }
}
