import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Manifest = { apiVersion: string; kind: string; metadata: Record<string, unknown>; [field: string]: unknown };

export interface Expectation {
  readonly pod: string;
  readonly result: 'scheduled' | 'unschedulable' | 'gated' | 'ignored' | 'reserved' | 'rejected';
  readonly best?: readonly string[];
  readonly node?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly laterMessages?: readonly string[];
  readonly nominatedNode?: string;
  readonly victims?: readonly string[];
  readonly preemptBest?: readonly string[];
  readonly candidates?: Readonly<Record<string, { readonly victims: readonly string[] }>>;
  readonly finalNode?: string;
  readonly code?: number;
  readonly scores?: Readonly<
    Record<string, Readonly<Record<string, { readonly raw: number; readonly norm: number; readonly weighted: number }>>>
  >;
}

export interface Action {
  readonly op: 'create' | 'patch' | 'delete';
  readonly object?: Manifest;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly body?: unknown;
  readonly json?: unknown;
  readonly subresource?: string;
  readonly refused?: { readonly code: number; readonly message: string };
}

export interface Case {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly nodes: readonly Manifest[];
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly objects?: readonly Manifest[];
  readonly bound?: readonly Manifest[];
  readonly pending: readonly Manifest[];
  readonly dropUnschedulable?: boolean;
  readonly expect: readonly Expectation[];
  readonly then?: readonly { readonly do: readonly Action[]; readonly expect: readonly Expectation[]; readonly wait?: number }[];
}

/** The shared cases of the scheduling corpus (recorded from kube-scheduler v1.36.3), in the order of their groups. */
export function loadCases(): readonly Case[] {
  const folder = join(import.meta.dirname, 'cases');
  return readdirSync(folder)
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Case);
}
