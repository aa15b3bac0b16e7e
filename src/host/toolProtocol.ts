/**
 * Calls of tools as the extension makes them, for language models and other extensions.
 * Invariant: plain data; what a tool cannot do is an answer with words, never a failed request. Counterpart: none in Kubernetes.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { JsonObject } from '../base/json.ts';

export interface ToolCall {
  readonly tool: string;
  readonly input: JsonObject;
}

export interface ToolAnswer {
  /** For a person or a model to read. */
  readonly text: string;
  /** The same for a program; undefined with an error. */
  readonly data: JsonObject | undefined;
  readonly isError: boolean;
}

export const toolRequests = {
  call: new RequestType<ToolCall, ToolAnswer, void>('tools/call'),
} as const;
