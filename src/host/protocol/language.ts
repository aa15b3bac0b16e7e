/** What is asked of the worker about the words of a manifest, beside what `protocol.ts` has. Part of the contract there. */
import { RequestType } from 'vscode-jsonrpc';
import type { Range } from '../../manifest/model.ts';
import type { Signature } from '../../manifest/signature.ts';
import { TOKEN_TYPES } from '../../manifest/tokens/token.ts';
import type { DocumentPosition } from './protocol.ts';

export interface SignatureParams extends DocumentPosition {
  /** What was typed and brought the question up; undefined: a person asks, or goes on in a signature that is shown. */
  readonly typed?: string;
}

export interface TokensParams {
  readonly uri: string;
  /** Of objects that name none. */
  readonly namespace: string;
  /** Undefined: the whole file. */
  readonly range?: Range;
}

/** What the numbers of tokens' types stand for. */
export const tokenLegend: readonly string[] = TOKEN_TYPES;

/** Begin an item of a list, and so a signature; and keep one that is shown up to date. */
export const signatureTriggers = { begin: ['-', '[', ','], goOn: ['\n', ' ', ':'] } as const;

export const languageRequests = {
  /** What an item of the list around a place may be. */
  signature: new RequestType<SignatureParams, Signature | null, void>('document/signature'),
  /** Semantic tokens as editors take them: five numbers each. */
  tokens: new RequestType<TokensParams, readonly number[], void>('document/tokens'),
} as const;
