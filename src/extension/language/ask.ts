import type * as vscode from 'vscode';
import type { RequestParam, RequestType } from 'vscode-jsonrpc/node';
import type { Services } from '../services.ts';

/** Asks the worker about a document, its newest text sent before; undefined if it is none of Kubepad's business or the question failed. */
export async function ask<P, R>(
  { host, sync, output }: Pick<Services, 'host' | 'sync' | 'output'>,
  document: vscode.TextDocument,
  type: RequestType<P, R, void>,
  params: NoInfer<RequestParam<P>>,
  token: vscode.CancellationToken,
): Promise<R | undefined> {
  try {
    return sync.ensure(document) ? await host.request(type, params, token) : undefined;
  } catch (error) {
    if (!token.isCancellationRequested) output.log('warning', `${type.method}: ${String(error)}`);
    return undefined;
  }
}
