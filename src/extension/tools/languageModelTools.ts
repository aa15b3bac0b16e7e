/**
 * The tools as VS Code's language models call them; package.json says what they are for and what they take.
 * Invariant: nothing is decided here but what a person is asked before: nothing about forks, which are only tried in.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import type { JsonObject } from '../../base/json.ts';
import { TOOL_EFFECTS, toolRequests, type ToolName } from '../../host/protocol/tool.ts';
import type { Services } from '../services.ts';

const MAX_SHOWN = 2_000;

export function registerLanguageModelTools({ host }: Services): vscode.Disposable {
  const names = Object.keys(TOOL_EFFECTS) as readonly ToolName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.lm.registerTool<JsonObject>(`kubepad_${name}`, {
        prepareInvocation: ({ input }) => prepare(name, input),
        invoke: async ({ input }, token) => {
          const { text, isError } = await host.request(toolRequests.call, { tool: name, input: { ...input } }, token);
          // What went wrong is for the model to read: it asks again, better.
          if (isError) throw new Error(text);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        },
      }),
    ),
  );
}

const DOING: Readonly<Record<ToolName, string>> = {
  validate_manifest: 'Validating a manifest',
  apply: 'Applying a manifest',
  forecast: 'Looking ahead',
  get: 'Reading objects',
  describe: 'Describing an object',
  events: 'Reading events',
  logs: 'Reading logs',
  delete: 'Deleting an object',
  run_until: 'Letting time go on',
  fault: 'Making something go wrong',
  fork: 'Copying the cluster',
  discard: 'Discarding a copy',
  reset: 'Starting a new cluster',
  status: 'Looking at the clusters',
};

function prepare(name: ToolName, input: JsonObject): vscode.PreparedToolInvocation {
  const { cluster } = input;
  const isMain = cluster === undefined || cluster === 'main';
  const invocationMessage = `${DOING[name]} in Kubepad${isMain ? '' : ` (${String(cluster)})`}`;
  if (TOOL_EFFECTS[name] === 'read' || !isMain) return { invocationMessage };
  const message = new vscode.MarkdownString('This changes the simulated cluster that the Cluster view shows.\n\n');
  const { manifest, ...rest } = input;
  if (typeof manifest === 'string') message.appendCodeblock(shortened(manifest), 'yaml');
  if (Object.keys(rest).length > 0) message.appendCodeblock(shortened(JSON.stringify(rest, undefined, 2)), 'json');
  return { invocationMessage, confirmationMessages: { title: `Kubepad: ${DOING[name]}`, message } };
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}\n…`;
}
