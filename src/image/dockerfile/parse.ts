/**
 * A Dockerfile as instructions with their lines: what the builder needs of it.
 * Invariant: parsing never throws; the first thing that is wrong is a value with its line, in BuildKit's words.
 * Counterpart: frontend/dockerfile/parser and instructions of github.com/moby/buildkit, over the syntax tree of dockerfile-ast.
 */
import { DockerfileParser, type Flag, type Heredoc as HeredocNode, type Instruction as Node } from 'dockerfile-ast';
import { checkInstruction, type Keyword, KEYWORDS } from './check.ts';
import { nearest } from './nearest.ts';

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** The delimiter is not in quotes. */
  readonly expands: boolean;
}

export interface Instruction {
  readonly keyword: Keyword;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  /** On one line, without comments, as progress shows it. */
  readonly original: string;
  /** Without keyword and flags. */
  readonly args: string;
  /** Values of flags by name; an empty text for one without a value. Those of a flag that is given more than once stand apart by a space. */
  readonly flags: ReadonlyMap<string, string>;
  readonly heredocs: readonly Heredoc[];
}

export interface Problem {
  /** From 1; undefined: it is not about a line. */
  readonly line?: number;
  readonly endLine?: number;
  readonly message: string;
}

export interface Stage {
  /** In lower case; empty if it has none. */
  readonly name: string;
  readonly from: Instruction;
  /** What FROM names, not expanded. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly escape: string;
  /** ARGs before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export function parseDockerfile(text: string): Dockerfile | Problem {
  const tree = DockerfileParser.parse(text);
  const escape = tree.getEscapeCharacter();
  const lines = text.split(/\r?\n/);
  const instructions: Instruction[] = [];
  for (const node of tree.getInstructions()) {
    const read = readInstruction(node, lines, escape);
    if (!('keyword' in read)) return read;
    const message = checkInstruction(read);
    if (message !== undefined) return parseError(read, message);
    instructions.push(read);
  }
  if (instructions.length === 0) return { message: 'file with no instructions' };
  return staged(instructions, escape);
}

/** What one line says, as ONBUILD keeps it for the builds to come. */
export function parseTrigger(text: string, line: number): Instruction | Problem {
  const [node] = DockerfileParser.parse(text).getInstructions();
  if (node === undefined) return { line, message: 'file with no instructions' };
  const read = readInstruction(node, text.split('\n'), '\\');
  return 'keyword' in read ? { ...read, line, endLine: line } : { ...read, line, endLine: line };
}

function readInstruction(node: Node, lines: readonly string[], escape: string): Instruction | Problem {
  const range = node.getRange();
  const place = { line: range.start.line + 1, endLine: range.end.line + 1 };
  const keyword = node.getKeyword();
  if (!isKeyword(keyword)) {
    const hint = nearest(keyword, KEYWORDS);
    const asked = hint === undefined ? '' : ` (did you mean ${hint}?)`;
    return { ...place, message: `dockerfile parse error on line ${place.line}: unknown instruction: ${node.getInstruction()}${asked}` };
  }
  const [, args = ''] = /^\s*\S+\s*([\s\S]*)$/.exec(join(textOf(lines, range), escape)) ?? [];
  const heredocs = 'getHeredocs' in node ? (node as Node & { getHeredocs(): HeredocNode[] }).getHeredocs() : [];
  const first = heredocs.length === 0 ? args : (args.split('\n')[0] ?? '');
  const flags = 'getFlags' in node ? (node as Node & { getFlags(): Flag[] }).getFlags() : [];
  return {
    keyword,
    ...place,
    original: `${keyword} ${first}`.trim(),
    args: withoutFlags(first),
    flags: gathered(flags),
    heredocs: heredocs.map((heredoc) => readHeredoc(heredoc, lines)),
  };
}

function gathered(flags: readonly Flag[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const flag of flags) {
    const [name, value] = [flag.getName(), flag.getValue() ?? ''];
    const former = values.get(name);
    values.set(name, former === undefined ? value : `${former} ${value}`);
  }
  return values;
}

/** Continued lines are one; comments and empty lines among them are none. */
function join(text: string, escape: string): string {
  const continued = new RegExp(`${escape === '\\' ? '\\\\' : '`'}[ \\t]*$`);
  const [first = '', ...rest] = text.split('\n');
  let joined = first.replace(continued, '');
  let open = continued.test(first);
  for (const line of rest) {
    if (open && (/^\s*#/.test(line) || line.trim() === '')) continue;
    joined += open ? line.replace(continued, '') : `\n${line}`;
    open = open && continued.test(line);
  }
  return joined;
}

function withoutFlags(args: string): string {
  return args.replace(/^(?:--[a-z][\w-]*(?:=(?:"[^"]*"|'[^']*'|\S)*)?\s+)+/, '').replace(/^--[a-z][\w-]*(?:=\S*)?$/, '');
}

function readHeredoc(heredoc: HeredocNode, lines: readonly string[]): Heredoc {
  const start = textOf(lines, heredoc.getStartRange());
  const content = heredoc.getContentRange();
  const text = content === null ? '' : textOf(lines, content);
  const kept = start.includes('<<-') ? text.replaceAll(/^\t+/gm, '') : text;
  const whole = kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
  return { name: heredoc.getName(), content: whole, expands: !/["']/.test(start) };
}

interface Span {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

function textOf(lines: readonly string[], { start, end }: Span): string {
  const picked = lines.slice(start.line, end.line + 1);
  const last = picked.length - 1;
  return picked.map((line, index) => line.slice(index === 0 ? start.character : 0, index === last ? end.character : undefined)).join('\n');
}

function staged(instructions: readonly Instruction[], escape: string): Dockerfile | Problem {
  const globals: Instruction[] = [];
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    const current = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      const [base = '', , alias = ''] = instruction.args.split(/\s+/);
      const name = alias.toLowerCase();
      if (name !== '' && !/^[a-z][a-z0-9-_.]*$/.test(name))
        return parseError(instruction, `invalid name for build stage: "${alias}", name can't start with a number or contain symbols`);
      stages.push({ name, from: instruction, base, instructions: [] });
    } else if (current !== undefined) current.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') globals.push(instruction);
    else return parseError(instruction, 'no build stage in current context');
  }
  if (stages.length === 0) return { message: 'dockerfile contains no stages to build' };
  return { escape, globals, stages };
}

function parseError({ line, endLine }: Pick<Instruction, 'line' | 'endLine'>, message: string): Problem {
  return { line, endLine, message: `dockerfile parse error on line ${line}: ${message}` };
}

function isKeyword(text: string): text is Keyword {
  return (KEYWORDS as readonly string[]).includes(text);
}
