/** The rows of a list that somebody chooses beside each other. */
import { RequestType } from 'vscode-jsonrpc';
import type { Row, ViewId } from './view.ts';

export interface BetweenParams {
  readonly view: ViewId;
  readonly from: string;
  /** Null: all siblings of the first. */
  readonly to: string | null;
}

/** The rows from one key to another, at most 2,000, whichever of them is above. */
export const viewBetween = new RequestType<BetweenParams, readonly Row[], void>('view/between');
