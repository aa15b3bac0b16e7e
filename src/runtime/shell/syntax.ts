/** What a shell script consists of. */
export interface Redirect {
  readonly fd: 0 | 1 | 2;
  /** `>&` sends to where another descriptor goes. */
  readonly operator: '<' | '>' | '>>' | '>&';
  readonly target: Word;
}

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      readonly operator?: ':-' | '-' | ':+' | '#';
      readonly operand?: string;
    }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: string; readonly quoted: boolean };

export type Word = readonly Part[];

export type Node =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly (readonly [name: string, value: Word])[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'pipeline'; readonly commands: readonly Node[]; readonly negated: boolean }
  | { readonly kind: 'list'; readonly items: readonly { readonly node: Node; readonly operator: ';' | '&&' | '||' }[] }
  | { readonly kind: 'if'; readonly clauses: readonly { readonly condition: Node; readonly body: Node }[]; readonly otherwise?: Node }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: Node; readonly body: Node }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Node };
