/** What is asked of the worker about charts and kustomizations: their rendered result, judged. Part of the contract in `protocol.ts`. */
import { RequestType } from 'vscode-jsonrpc';
import type { DocumentDiagnostics } from './protocol.ts';

export interface RenderParams {
  /** A file; all that it is part of is rendered. */
  readonly uri: string;
  /** Names or paths of the programs. */
  readonly helm: string;
  readonly kubectl: string;
  /** For objects that name none. */
  readonly namespace: string;
  /** The release that manifests are for. */
  readonly targetVersion: string;
  readonly warnings: boolean;
  /** Hints about names and selectors that lead nowhere in what was rendered, workspace and cluster. */
  readonly references: boolean;
  /** Rules of good practice by id, see `kubepad.rules`. */
  readonly rules: Readonly<Record<string, string>>;
}

/** A chart or a kustomization, and what was found in it. */
export interface RenderedRoot {
  /** Its folder. */
  readonly root: string;
  readonly tool: 'helm' | 'kubectl';
  /** `failed`: the findings say what stopped the tool; `skipped`: there is nothing to render. */
  readonly outcome: 'rendered' | 'failed' | 'missing' | 'skipped' | 'stopped';
  /** For people: why it was not rendered. */
  readonly message: string;
  readonly files: readonly Pick<DocumentDiagnostics, 'uri' | 'diagnostics'>[];
}

export const renderingRequests = {
  render: new RequestType<RenderParams, readonly RenderedRoot[], void>('rendering/render'),
} as const;
