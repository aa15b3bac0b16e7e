/** What a semantic token is: a piece of one line that means more than its text. Counterpart: semantic tokens of LSP 3.16. */
import type { Position } from '../model.ts';

/** The order is the legend that clients get. */
export const TOKEN_TYPES = [
  'type',
  'enumMember',
  'number',
  'variable',
  'property',
  'function',
  'keyword',
  'operator',
  'string',
  'macro',
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

export interface Token extends Position {
  readonly length: number;
  readonly type: TokenType;
}

/** A piece of a text, before it has a line. */
export interface Piece {
  /** Offsets in the text, from and to. */
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
}

/**
 * As clients take them: five numbers for each token, lines and characters counted from the token before.
 * @param tokens in the order of the text
 */
export function encoded(tokens: readonly Token[]): readonly number[] {
  const data: number[] = [];
  let [line, character] = [0, 0];
  for (const token of tokens) {
    const lines = token.line - line;
    data.push(lines, lines === 0 ? token.character - character : token.character, token.length, TOKEN_TYPES.indexOf(token.type), 0);
    [line, character] = [token.line, token.character];
  }
  return data;
}
