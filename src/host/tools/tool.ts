/**
 * What a tool is, and how it is called.
 * Invariant: a tool gets only input that its fields allow; what goes wrong for a reason of the caller is an answer.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { JsonObject } from '../../base/json.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { Judge } from '../../manifest/judge.ts';
import { TOOL_EFFECTS, type ToolAnswer, type ToolEffect, type ToolName } from '../protocol/tool.ts';
import type { Clusters } from './clusters.ts';
import { problemsOf, schemaOf, type Fields, type InputOf } from './input.ts';

export interface ToolContext {
  readonly clusters: Clusters;
  readonly judge: Judge;
  readonly token: CancellationToken;
}

export interface Tool {
  readonly name: ToolName;
  /** Two or three words for a list. */
  readonly title: string;
  /** When to use it and what it answers, for whoever chooses. */
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly effect: ToolEffect;
  readonly call: (context: ToolContext, input: unknown) => Promise<ToolAnswer>;
}

export interface ToolDefinition<F extends Fields> extends Omit<Tool, 'call' | 'inputSchema' | 'effect'> {
  readonly fields: F;
  readonly act: (context: ToolContext, input: InputOf<F>) => ToolAnswer | Promise<ToolAnswer>;
}

/** So much text a reader gets at most, in characters: models pay for each of them. */
const MAX_TEXT = 60_000;

export function defineTool<F extends Fields>({ fields, act, ...tool }: ToolDefinition<F>): Tool {
  return {
    ...tool,
    effect: TOOL_EFFECTS[tool.name],
    inputSchema: schemaOf(fields),
    call: async (context, input) => {
      const problems = problemsOf(fields, input);
      if (problems.length > 0) return failed(`Invalid input: ${problems.join('; ')}.`);
      try {
        return bounded(await act(context, input as InputOf<F>));
      } catch (error) {
        if (error instanceof ToolError) return failed(error.message);
        throw error;
      }
    },
  };
}

/** The caller's mistake, in words for him. */
export class ToolError extends Error {}

export function answered(text: string, data: object): ToolAnswer {
  return { text, data: data as JsonObject, isError: false };
}

export function failed(text: string): ToolAnswer {
  return { text, data: undefined, isError: true };
}

/** A refusal of the API server, in its words. */
export function refusal({ message, reason }: Status): ToolAnswer {
  const answer = failed(message ?? reason ?? 'The API server refused it.');
  return reason === undefined ? answer : { ...answer, reason };
}

function bounded(answer: ToolAnswer): ToolAnswer {
  if (answer.text.length <= MAX_TEXT) return answer;
  const text = `${answer.text.slice(0, MAX_TEXT)}\n… ${answer.text.length - MAX_TEXT} more characters are left out: ask for less.`;
  return { ...answer, text };
}
