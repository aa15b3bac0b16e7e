/**
 * The language in which the Pod annotation `kubepad.dev/program.<container>` says what a container does.
 * Invariant: parsing never throws; every error has the offsets of the text it is about.
 * Counterpart: none in Kubernetes; the grammar is that of the kubelet corpus.
 *
 *     program     = start { "|" start }        the n-th start of the container uses the n-th part, later ones the last
 *     start       = statement { ";" statement }
 *     duration    = 3 | 2.5 | 500ms | 3s | 1m   (a bare number is seconds); times count from the start of the container
 *     schedule(v) = v { "until" duration "then" v }
 */
import { StatementParser } from './statement.ts';

/** With the name of a container: its program. */
export const PROGRAM_ANNOTATION = 'kubepad.dev/program.';
/** Why the Pod's sandbox cannot be made. */
export const SANDBOX_ANNOTATION = 'kubepad.dev/sandbox';

export type Verdict = 'ok' | 'hang' | { readonly exitCode: number };

/** What holds until a time, and what holds afterwards; the last entry has no end. */
export type Schedule<V> = readonly { readonly value: V; readonly untilMs?: number }[];

/** One thing the process does after the other. */
export type Work =
  | { readonly do: 'run' }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'oom' }
  | { readonly do: 'log'; readonly text: string }
  | { readonly do: 'message'; readonly text: string };

export interface HttpRule {
  readonly port: number;
  /** Undefined: every path. */
  readonly path?: string;
  /** HTTP status codes. */
  readonly answer: Schedule<number | 'hang'>;
}

export interface OnTerm {
  readonly ignore: boolean;
  readonly exitCode: number;
  readonly afterMs: number;
}

export type ImageFault = 'missing' | 'denied' | 'refused' | 'private';

/** What the registry knows about the container's image. */
export interface ImageStatement {
  readonly present: boolean;
  readonly fault?: ImageFault;
  /** The fault holds so long, from the first sandbox that wanted the image. */
  readonly faultUntilMs?: number;
  readonly pullMs?: number;
  readonly sizeBytes?: number;
  /** Name or uid. */
  readonly user?: string;
}

/** What one start of a container does. */
export interface Start {
  readonly work: readonly Work[];
  readonly exec?: Schedule<Verdict>;
  readonly http?: readonly HttpRule[];
  readonly tcp?: readonly { readonly port: number; readonly state: Schedule<'open' | 'closed'> }[];
  readonly grpc?: readonly { readonly port: number; readonly state: Schedule<'serving' | 'not-serving'> }[];
  readonly onTerm?: OnTerm;
  readonly startError?: string;
  readonly createError?: string;
  readonly startLatencyMs?: number;
  /** Answers every probe and hook as a healthy server would; for containers nobody described. */
  readonly healthy?: boolean;
  /** The program and its arguments, where they are carried out as what they are. */
  readonly command?: readonly string[];
  /** It answers nobody before that time. */
  readonly answersAfterMs?: number;
}

export interface Program {
  readonly starts: readonly Start[];
  readonly image?: ImageStatement;
}

export interface ProgramError {
  readonly message: string;
  /** Offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface ParsedProgram {
  readonly program: Program;
  readonly errors: readonly ProgramError[];
}

/** Parses a program; what is wrong is left out of it and told in `errors`. */
export function parseProgram(text: string): ParsedProgram {
  const errors: ProgramError[] = [];
  const starts: Start[] = [];
  let image: ImageStatement | undefined;
  let offset = 0;
  for (const part of text.split('|')) {
    const parser = new StatementParser(errors);
    let at = offset;
    for (const statement of part.split(';')) {
      parser.parse(statement, at);
      at += statement.length + 1;
    }
    starts.push(inherit(parser.start(), starts[0]));
    image ??= parser.image();
    offset += part.length + 1;
  }
  return { program: { starts, ...(image === undefined ? {} : { image }) }, errors };
}

/** Later parts take over what the first says for the whole start, unless they say it themselves. */
function inherit(start: Start, first: Start | undefined): Start {
  if (first === undefined) return start;
  const { exec, http, tcp, grpc, onTerm } = first;
  return {
    ...(exec === undefined ? {} : { exec }),
    ...(http === undefined ? {} : { http }),
    ...(tcp === undefined ? {} : { tcp }),
    ...(grpc === undefined ? {} : { grpc }),
    ...(onTerm === undefined ? {} : { onTerm }),
    ...start,
  };
}
