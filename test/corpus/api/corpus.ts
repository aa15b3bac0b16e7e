/** The corpus' files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Operation } from './json.ts';

export interface Cause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

/** The comparable part of one answer. */
export interface Answer {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: readonly Cause[];
  readonly warnings?: readonly string[];
  readonly anyOrder?: boolean;
  /** The case could not be set up; counts as a wrong verdict. */
  readonly setup?: string;
}

export interface Base {
  readonly id: string;
  readonly kind: string;
  readonly path: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly expect: Answer;
  readonly defaulted?: unknown;
  readonly aux?: boolean;
}

export interface Case {
  readonly id: string;
  readonly group: string;
  readonly base: string;
  readonly expect: Answer;
  readonly patch?: readonly Operation[];
  readonly old?: readonly Operation[];
  readonly raw?: string;
  readonly contentType?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly real?: boolean;
  readonly absent?: boolean;
  readonly keepVersion?: boolean;
  readonly subresource?: string;
  readonly diff?: readonly Operation[];
}

export interface Corpus {
  readonly bases: ReadonlyMap<string, Base>;
  readonly creates: readonly Case[];
  readonly updates: readonly Case[];
}

export function loadCorpus(): Corpus {
  const bases = lines<Base>(readFileSync(join(DATA, 'bases.jsonl')));
  return {
    bases: new Map(bases.map((base) => [base.id, base])),
    creates: lines<Case>(gunzipSync(readFileSync(join(DATA, 'create.jsonl.gz')))),
    updates: lines<Case>(gunzipSync(readFileSync(join(DATA, 'update.jsonl.gz')))),
  };
}

/** `m/Pod/…` and `u/Pod/…` name the kind second; bases say it themselves. */
export function kindOf(one: Case | Base): string {
  return 'kind' in one ? one.kind : (one.id.split('/')[1] ?? '');
}

const DATA = join(import.meta.dirname, 'data');

function lines<T>(content: Buffer): readonly T[] {
  return content
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line, keepBigIntegers) as T);
}

/** Integers that JavaScript cannot hold become BigInts, so that they are sent as they were written. */
function keepBigIntegers(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?[0-9]+$/.test(context.source) ? BigInt(context.source) : value;
}
