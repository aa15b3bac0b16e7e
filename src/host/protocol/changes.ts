/**
 * Requests that can change the cluster that is shown, and the mark that says which one a person meant.
 * Invariant: without a mark no real cluster is changed; one that is shown by now instead of the meant one is not changed either.
 * Counterpart: none; kubectl is told a context with every command.
 */
import type { RequestType } from 'vscode-jsonrpc';
import { requests } from './protocol.ts';
import type { RealTarget } from './view.ts';

const CHANGING: ReadonlySet<string> = new Set(
  [
    requests.manifestApply,
    requests.manifestDelete,
    requests.objectReplace,
    requests.objectPatch,
    requests.objectDelete,
    requests.objectCreate,
    requests.nodeDrain,
  ].map(({ method }) => method),
);

/** What a person agreed to change. */
export interface Meant {
  /** The context of a real cluster; empty: the simulated one. */
  readonly target: string;
}

export function meantOf(real: Pick<RealTarget, 'context'> | undefined): Meant {
  return { target: real?.context ?? '' };
}

export function isChanging(type: Pick<RequestType<never, unknown, void>, 'method'>): boolean {
  return CHANGING.has(type.method);
}

/** The parameters with the mark, if the request is one that needs it. */
export function marked<P>(type: Pick<RequestType<never, unknown, void>, 'method'>, params: P, meant: Meant): P {
  return isChanging(type) ? { ...params, ...meant } : params;
}

/** @throws Error if another cluster is shown than was meant */
export function requireMeant(params: object, real: Pick<RealTarget, 'context'> | undefined): void {
  const { target = '' } = params as Partial<Meant>;
  const shown = meantOf(real).target;
  if (target === shown) return;
  const name = (context: string): string => (context === '' ? 'the simulated cluster' : `the real cluster “${context}”`);
  throw new Error(`This was meant for ${name(target)}, and ${name(shown)} is shown by now: nothing was changed.`);
}
