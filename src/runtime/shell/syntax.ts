/**
 * What a shell script consists of. Nodes name each other by number, so that a place in a script is plain data.
 */
export interface Redirect {
  readonly fd: number;
  /** `>&` and `<&` take where another descriptor leads to; `<<` has its text as the target, `<(` its script. */
  readonly operator: '<(' | '<' | '>' | '>>' | '>|' | '>&' | '<&' | '<>' | '<<' | '<<<' | '&>';
  readonly target: Word;
}

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** Of an array: an expression, `@` or `*`. */
      readonly subscript?: Word;
      readonly operator?: ParameterOperator;
      readonly operand?: Word;
      /** The second word of `${NAME:from:count}` and `${NAME/old/new}`. */
      readonly second?: Word;
    }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean };

export type ParameterOperator =
  | ':-' | '-' | ':=' | '=' | ':?' | '?' | ':+' | '+' | '#' | '##' | '%' | '%%' | '/' | '//' | ':' | '^^' | ',,' | '^' | ',' | 'length' | '!'; // prettier-ignore

export type Word = readonly Part[];

export type Node =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'list'; readonly items: readonly { readonly node: number; readonly background: boolean }[] }
  | { readonly kind: 'andor'; readonly items: readonly { readonly node: number; readonly operator: '&&' | '||' | '' }[] }
  | { readonly kind: 'pipeline'; readonly commands: readonly number[]; readonly negated: boolean }
  | { readonly kind: 'group'; readonly body: number; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'subshell'; readonly body: number }
  | { readonly kind: 'if'; readonly clauses: readonly { readonly condition: number; readonly body: number }[]; readonly otherwise?: number }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: number; readonly body: number; readonly next?: number }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | null; readonly body: number }
  | { readonly kind: 'case'; readonly word: Word; readonly clauses: readonly CaseClause[] }
  | { readonly kind: 'function'; readonly name: string; readonly body: number }
  | { readonly kind: 'arithmetic'; readonly expression: Word };

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  readonly value: Word;
  /** Of one element of an array. */
  readonly subscript?: Word;
  /** Of a whole array. */
  readonly items?: readonly Word[];
}

export interface CaseClause {
  readonly patterns: readonly Word[];
  readonly body: number;
  /** `;&`: goes on with the next one. */
  readonly fallsThrough?: boolean;
}

export interface Script {
  readonly nodes: readonly Node[];
  readonly root: number;
  /** What only bash takes. */
  readonly usesBash?: boolean;
}
