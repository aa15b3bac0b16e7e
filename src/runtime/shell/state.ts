/** Where a shell is in its script, and what it remembers: plain data. */
import type { Json } from '../../base/json.ts';
import type { Signal } from '../process/world.ts';

/** `s`: which of the shell's texts; `n`: which node of it. */
export type Frame =
  | { readonly k: 'list' | 'andor'; readonly s: number; readonly n: number; i: number }
  | { readonly k: 'if'; readonly s: number; readonly n: number; i: number; inBody: boolean }
  | { readonly k: 'loop'; readonly s: number; readonly n: number; stage: 'condition' | 'body' | 'next'; count: number }
  | { readonly k: 'for'; readonly s: number; readonly n: number; readonly values: readonly string[]; i: number }
  | ExpandFrame
  | { readonly k: 'children'; readonly pids: number[]; readonly negated: boolean }
  | { readonly k: 'builtin'; readonly args: readonly string[]; readonly memory: Record<string, Json> }
  | { readonly k: 'enter'; readonly s: number; readonly n: number }
  | { readonly k: 'negate' }
  | { readonly k: 'call'; readonly positional: readonly string[]; readonly locals: Record<string, string | null> }
  | { readonly k: 'source' }
  | { readonly k: 'restore'; readonly fds: Record<string, number | null> }
  | { readonly k: 'trap'; readonly status: number };

/** Words are expanded anew after each command substitution, with what was found so far. */
export interface ExpandFrame {
  readonly k: 'simple' | 'expand';
  readonly s: number;
  readonly n: number;
  readonly memo: string[];
  /** The open file that takes what the command substitution writes; -1: there is none. */
  capture: number;
}

export interface ShellState {
  /** The texts that its frames and functions are in. */
  readonly sources: string[];
  readonly frames: Frame[];
  readonly vars: Record<string, string>;
  readonly exported: Record<string, true>;
  readonly readonly: Record<string, true>;
  readonly functions: Record<string, { readonly s: number; readonly n: number }>;
  readonly aliases: Record<string, string>;
  positional: readonly string[];
  /** `$0` */
  name: string;
  status: number;
  /** Letters of `set -…`. */
  options: string;
  readonly traps: Record<string, string>;
  readonly pending: (Signal | 'EXIT')[];
  /** Pids of what runs in the background. */
  readonly jobs: number[];
  /** Codes of background processes that have ended. */
  readonly ended: Record<string, number>;
  lastBackground: number | null;
  /** It reads what it does from its input, line by line. */
  readonly interactive: 'no' | 'lines' | 'prompt';
  /** What was typed and is no whole command yet. */
  typed: string;
  /** It has asked for the next line. */
  prompted: boolean;
  /** Where in a word of options `getopts` stands. */
  optionPlace: number;
  /** Set while it ends: the code. */
  exiting: number | null;
}
