/**
 * What a client can have done: the commands of the code lenses and of whoever calls them by name.
 * Invariant: what a person asked for is answered to a person, by a message or a text; the result is plain data for programs too.
 * Counterpart: the extension's commands of the same names.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import { unifiedLines } from '../../apimachinery/diff/unified.ts';
import { isRecord } from '../../manifest/recognise.ts';
import { documentAt, onlyDocument } from '../protocol/documentAt.ts';
import { summarize, table, type Run } from '../protocol/manifestSummary.ts';
import type { DiagnosticSettings, ManifestDifference, ManifestFile, ManifestReport } from '../protocol/protocol.ts';
import type { ObjectRef } from '../protocol/view.ts';
import type { Editor } from '../worker/editor.ts';
import { forecastWords } from '../worker/forecast/words.ts';
import type { LspClient } from './client.ts';
import type { LspCluster } from './cluster.ts';
import { lspDiagnostic } from './convert.ts';
import type { Findings } from './findings.ts';
import { readManifest } from './files.ts';
import type { ExecuteCommandParams, WorkDone } from './protocol.ts';

/** By what they are called. */
export const COMMANDS = {
  apply: 'kubepad.apply',
  applyDocument: 'kubepad.applyDocument',
  diff: 'kubepad.diff',
  diffDocument: 'kubepad.diffDocument',
  delete: 'kubepad.deleteManifests',
  previewApply: 'kubepad.previewApply',
  describe: 'kubepad.describe',
  why: 'kubepad.why',
  connect: 'kubepad.connectKubectl',
  validate: 'kubepad.validateWorkspace',
} as const;

export interface CommandContext {
  readonly editor: Editor;
  readonly client: LspClient;
  readonly findings: Findings;
  readonly settings: () => DiagnosticSettings;
  /** @throws Error where there is none */
  readonly cluster: () => Promise<LspCluster>;
  readonly workspaceFiles: () => readonly ManifestFile[];
  readonly isOpen: (uri: string) => boolean;
}

type Handler = (
  context: CommandContext,
  args: readonly unknown[],
  token: CancellationToken,
  progress: (value: WorkDone) => void,
) => Promise<unknown>;

/** @throws Error with what is wrong with the call, for people */
export async function executeCommand(
  context: CommandContext,
  { command, arguments: args = [], workDoneToken }: ExecuteCommandParams,
  token: CancellationToken,
): Promise<unknown> {
  const handler = Object.hasOwn(HANDLERS, command) ? HANDLERS[command] : undefined;
  if (handler === undefined) throw new Error(`there is no command ${command}`);
  return handler(context, args, token, (value) => context.client.progress(workDoneToken, value));
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  [COMMANDS.apply]: (context, args, token) => applied(context, fileOf(context, args), token),
  [COMMANDS.applyDocument]: (context, args, token) => applied(context, documentOf(context, args), token),
  [COMMANDS.diff]: (context, args, token) => compared(context, fileOf(context, args), token),
  [COMMANDS.diffDocument]: (context, args, token) => compared(context, documentOf(context, args), token),
  [COMMANDS.delete]: async (context, args, token) => {
    const file = fileOf(context, args);
    const cluster = await context.cluster();
    return told(context, 'delete', await cluster.delete([file], context.settings().namespace, token));
  },
  [COMMANDS.previewApply]: async (context, args, token) => {
    const file = fileOf(context, args);
    const cluster = await context.cluster();
    const forecast = await cluster.preview([file], context.settings().namespace, token);
    if (forecast !== null) void context.client.showText('forecast.txt', forecastWords(forecast, nameOf));
    return forecast;
  },
  [COMMANDS.describe]: (context, args) => shown(context, args, 'described', (cluster, ref) => cluster.describe(ref)),
  [COMMANDS.why]: (context, args) => shown(context, args, 'why', (cluster, ref) => Promise.resolve(cluster.why(ref, nameOf))),
  [COMMANDS.connect]: async ({ cluster, client }) => {
    const info = await (await cluster()).connect();
    client.show('info', `kubectl --kubeconfig ${info.kubeconfig} get all -A`);
    return info;
  },
  [COMMANDS.validate]: validate,
};

/** A text about the object that the first argument names. */
async function shown(
  { client, cluster }: CommandContext,
  [ref]: readonly unknown[],
  what: string,
  textOf: (cluster: LspCluster, ref: ObjectRef) => Promise<string>,
): Promise<string> {
  if (!isRef(ref)) throw new Error('an object is to be named: apiVersion, kind, namespace, name');
  const text = await textOf(await cluster(), ref);
  void client.showText(`${ref.kind}-${ref.name}-${what}.txt`.toLowerCase().replaceAll(/[^\w.-]/g, '-'), text);
  return text;
}

async function applied(context: CommandContext, file: ManifestFile, token: CancellationToken): Promise<ManifestReport> {
  const cluster = await context.cluster();
  return told(context, 'apply', await cluster.apply([file], context.settings().namespace, token));
}

function told({ client }: CommandContext, run: Run, report: ManifestReport): ManifestReport {
  const { text, severity } = summarize(run, report.results, report.cancelled);
  const words = report.results.flatMap(({ subject, action, message }) => (action === 'rejected' ? [`${subject}: ${message}`] : []));
  client.show(severity, [text, ...words].join('\n'));
  client.log('info', table(report.results, nameOf));
  return report;
}

async function compared(context: CommandContext, file: ManifestFile, token: CancellationToken): Promise<readonly ManifestDifference[]> {
  const cluster = await context.cluster();
  const differences = await cluster.diff([file], context.settings().namespace, token);
  const changed = differences.filter(({ change }) => change !== 'none');
  if (changed.length === 0) context.client.show('info', 'the cluster holds the same');
  else void context.client.showText('kubepad.diff', changed.map(differenceText).join('\n'));
  return differences;
}

/** As a patch of what the cluster holds. */
function differenceText({ subject, live, merged, change, message }: ManifestDifference): string {
  if (change === 'rejected') return `# ${subject} would be refused: ${message.replaceAll('\n', '\n# ')}\n`;
  const lines = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  return `--- live/${subject}\n+++ merged/${subject}\n${unifiedLines(lines(live), lines(merged))}`;
}

const CHUNK = 50;

/** All files of the client's folders; those that are open are judged already. */
async function validate(...[context, , token, progress]: Parameters<Handler>): Promise<unknown> {
  const { editor, findings, client } = context;
  const files = context.workspaceFiles();
  let found = 0;
  let faulty = 0;
  progress({ kind: 'begin', title: 'Kubepad: validating the workspace', cancellable: true, percentage: 0 });
  for (let at = 0; at < files.length && !token.isCancellationRequested; at += CHUNK) {
    for (const { uri, diagnostics } of editor.validate(files.slice(at, at + CHUNK), context.settings())) {
      found += diagnostics.length;
      faulty += diagnostics.length > 0 ? 1 : 0;
      if (!context.isOpen(uri)) findings.set(uri, 'text', diagnostics.map(lspDiagnostic));
    }
    const done = Math.min(at + CHUNK, files.length);
    progress({ kind: 'report', message: `${done} of ${files.length} files`, percentage: Math.floor((done * 100) / files.length) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const summary = `${found} findings in ${faulty} of ${files.length} files`;
  progress({ kind: 'end', message: summary });
  client.show(found === 0 ? 'info' : 'warning', summary);
  return { files: files.length, faulty, findings: found };
}

/** @throws Error if the first argument is no file that can be read */
function fileOf({ editor }: CommandContext, [uri]: readonly unknown[]): ManifestFile {
  if (typeof uri !== 'string') throw new Error('the URI of a file is to be given');
  const text = editor.documents.textOf(uri);
  const file = text === undefined ? readManifest(uri) : { uri, text };
  if (file === undefined) throw new Error(`${uri} cannot be read`);
  return file;
}

/** The file with all but the document at the line of the second argument left out. */
function documentOf(context: CommandContext, args: readonly unknown[]): ManifestFile {
  const file = fileOf(context, args);
  const line = args[1];
  if (typeof line !== 'number') throw new Error('a line of the document is to be given, from 0');
  const found = documentAt(context.editor.documents.outline(file.uri), line);
  return found === undefined ? file : { uri: file.uri, text: onlyDocument(file.text, found) };
}

function isRef(value: unknown): value is ObjectRef {
  return isRecord(value) && ['apiVersion', 'kind', 'namespace', 'name'].every((field) => typeof value[field] === 'string');
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
