import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded scenario; the fields are explained in the corpus' README (shared data). */
export interface Case {
  readonly id: string;
  readonly group: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly setup?: readonly Manifest[];
  readonly steps: readonly Step[];
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

export interface Step {
  readonly request: Request;
  readonly anyOrder?: boolean;
  readonly waitSeconds?: number;
  readonly poll?: number;
  readonly save?: Readonly<Record<string, string>>;
  readonly expect?: Expectation;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: string | { readonly user: string; readonly groups?: readonly string[] };
  readonly token?: string;
  readonly anonymous?: boolean;
}

export type Expectation = Readonly<Record<string, unknown>> & {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly compare?: Readonly<Record<string, string>>;
  readonly eventFields?: readonly string[];
};

const folder = join(import.meta.dirname, 'cases');

export function loadCases(): readonly Case[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Case);
}
