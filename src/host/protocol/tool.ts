/**
 * Calls of tools as the extension makes them, for language models and other extensions.
 * Invariant: plain data; what a tool cannot do is an answer with words, never a failed request. Counterpart: none in Kubernetes.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { JsonObject } from '../../base/json.ts';

/** `read` changes no cluster, `write` changes one, `destroy` throws something away. */
export const TOOL_EFFECTS = {
  validate_manifest: 'read',
  apply: 'write',
  forecast: 'read',
  get: 'read',
  describe: 'read',
  events: 'read',
  logs: 'read',
  delete: 'destroy',
  run_until: 'write',
  fault: 'write',
  fork: 'read',
  discard: 'read',
  reset: 'destroy',
  status: 'read',
} as const;

export type ToolName = keyof typeof TOOL_EFFECTS;
export type ToolEffect = (typeof TOOL_EFFECTS)[ToolName];

export interface ToolCall {
  readonly tool: ToolName;
  readonly input: JsonObject;
}

export interface ToolAnswer {
  /** For a person or a model to read. */
  readonly text: string;
  /** The same for a program; undefined with an error. */
  readonly data: JsonObject | undefined;
  readonly isError: boolean;
  /** With a refusal of the API server: why, `NotFound`. */
  readonly reason?: string;
}

export const toolRequests = {
  call: new RequestType<ToolCall, ToolAnswer, void>('tools/call'),
} as const;
