/**
 * A forecast out of a look ahead: per document a few words and diagnostics, and, for the preview, Pods, moments and changes.
 * Invariant: every finding is about a place in the text that was given. Counterpart: none in Kubernetes.
 */
import type { StatefulSet } from '../../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import { groupResource, objectKey, keyOf, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { locate, parsePath } from '../../../manifest/locate.ts';
import type { Diagnostic } from '../../../manifest/model.ts';
import { splitDocuments } from '../../../manifest/yaml/split.ts';
import { POD_TEMPLATES } from '../../../manifest/references/podTemplates.ts';
import type { DocumentForecast, FileDiagnostics, Forecast, ForecastParams, ForecastPod, ForecastSummary } from '../../protocol/forecast.ts';
import type { ManifestResult } from '../../protocol/protocol.ts';
import { summarise } from '../../projection/podSummary.ts';
import { readManifests, type ManifestDocument } from '../manifestDocuments.ts';
import { changesOf, without } from './changes.ts';
import { conditionOf, type Companion } from './companions.ts';
import { outcomeOf, type Finding, type Outcome } from './outcome.ts';
import type { Run, RunContext } from './run.ts';
import { subjectOf } from './timeline.ts';
import type { Steps } from './trouble.ts';

/** One document, what was answered to it, and what becomes of it. */
interface Judged {
  readonly result: ManifestResult;
  readonly document: ManifestDocument | undefined;
  /** Resource and key of its object. */
  readonly id: string;
  readonly outcome: Outcome;
}

const NOTHING: Outcome = { outlook: 'none', text: '', findings: [], pods: [] };

/** @param companions what else was applied; a document that needs them is told of so */
export function summaryOf(run: Run, params: ForecastParams, companions: readonly Companion[] = []): ForecastSummary {
  const summary = summarize(run, judgeAll(run, params));
  const refused = new Set(run.report.results.filter(({ action }) => action === 'rejected').map(({ uri }) => uri));
  const applied = companions.filter(({ uri }) => !refused.has(uri));
  if (applied.length === 0) return summary;
  const begins = params.files.flatMap(({ text }) => splitDocuments(text).map(({ line }) => line));
  const documents = summary.documents.map((document): DocumentForecast => {
    const begin = begins.findLast((line) => line <= document.range.start.line);
    const condition = conditionOf(applied, (line) => line === begin);
    return document.text === '' || condition === '' ? document : { ...document, text: `${document.text}, ${condition}` };
  });
  return { ...summary, documents };
}

/** Undefined: cancelled. */
export async function forecastOf(run: Run, params: ForecastParams, { token, expired, turn }: RunContext): Promise<Forecast | undefined> {
  const judged = judgeAll(run, params);
  const changes = [];
  const left = changesOf(without(run.recorder.touched, [...run.trials.values()]), new Set(judged.map(({ id }) => id)));
  let next = left.next();
  while (next.done !== true) {
    changes.push(next.value);
    if (expired()) await turn();
    if (token.isCancellationRequested) return undefined;
    next = left.next();
  }
  const pods = judged.flatMap(({ result, outcome }) => outcome.pods.map((each) => podRow(run, result.subject, each)));
  return {
    ...summarize(run, judged),
    pods,
    moments: run.timeline.moments(run.startAt),
    changes,
    leftOut: { moments: run.timeline.leftOut, changes: next.value },
  };
}

function summarize({ end, startAt, endAt }: Run, judged: readonly Judged[]): ForecastSummary {
  const documents = judged.map(({ result, outcome }): DocumentForecast => {
    const { uri, document, range, subject, ref, action } = result;
    return { uri, document, range, subject, ref, action, outlook: outcome.outlook, text: outcome.text };
  });
  const byFile = Map.groupBy(judged, ({ result }) => result.uri);
  const files = [...byFile].map(([uri, own]): FileDiagnostics => ({ uri, diagnostics: withoutFlood(own.flatMap(diagnosticsOf)) }));
  return { documents, files, aheadMs: endAt - startAt, end };
}

function judgeAll(run: Run, { files, namespace }: ForecastParams): readonly Judged[] {
  const read = readManifests(files, namespace);
  const documents = new Map(read.map((document) => [placeKey(document), document]));
  // The server chose the name: the subject is another one.
  const byPlace = (result: ManifestResult): ManifestDocument | undefined =>
    read.find(({ uri, document }) => uri === result.uri && document === result.document);
  const order = new Map(files.map(({ uri }, index) => [uri, index]));
  // Companions were applied for the sake of the files and are not theirs.
  const own = run.report.results.filter(({ uri }) => order.has(uri));
  const results = own.toSorted((a, b) => (order.get(a.uri) ?? 0) - (order.get(b.uri) ?? 0) || a.document - b.document);
  const judged = results.map((result) => {
    const id = idOf(run, result);
    return { result, document: documents.get(placeKey(result)) ?? byPlace(result), id, outcome: outcomeFor(run, result, id) };
  });
  return withLosses(run, judged);
}

/** What the files take from others is told with the first of their documents that anything is told of. */
function withLosses({ recorder }: Run, judged: readonly Judged[]): readonly Judged[] {
  const own = new Set(judged.map(({ id }) => id));
  const losses = [...recorder.capacity].flatMap(([id, steps]) => {
    const [before, after] = [steps[0]?.available ?? 0, steps.at(-1)?.available ?? 0];
    const object = recorder.touched.get(id)?.after;
    return own.has(id) || after >= before || object === undefined
      ? []
      : [`${subjectOf(object, id)} would go from ${before} to ${after} available`];
  });
  const teller = judged.find(({ outcome }) => outcome.text !== '') ?? judged[0];
  if (losses.length === 0 || teller === undefined) return judged;
  const { outcome } = teller;
  const findings = losses.map((text): Finding => ({
    severity: 'warning',
    message: `Forecast: ${text}.`,
    of: 'object',
    fields: [['metadata', 'name']],
  }));
  const told: Outcome = {
    ...outcome,
    outlook: outcome.outlook === 'good' || outcome.outlook === 'none' ? 'note' : outcome.outlook,
    text: [outcome.text, ...losses].filter((text) => text !== '').join('; '),
    findings: [...outcome.findings, ...findings],
  };
  return judged.map((each) => (each === teller ? { ...each, outcome: told } : each));
}

function trialId(job: KubeObject | undefined): string {
  return job === undefined ? '' : `jobs.batch ${keyOf(job)}`;
}

function placeKey({ uri, document, subject }: Pick<ManifestResult, 'uri' | 'document' | 'subject'>): string {
  return `${uri} ${document} ${subject}`;
}

function idOf({ fork }: Run, { ref }: ManifestResult): string {
  const resource = ref === undefined ? undefined : fork.api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
  return resource === undefined || ref === undefined ? '' : `${groupResource(resource)} ${objectKey(ref.namespace, ref.name)}`;
}

function outcomeFor(run: Run, result: ManifestResult, id: string): Outcome {
  const { fork, recorder, lastWrites, startAt, endAt, deadlocked, trials } = run;
  if (result.action === 'rejected') return { ...NOTHING, outlook: 'refused', text: `would be refused: ${shortRefusal(result.message)}` };
  if (result.ref === undefined || id === '') return NOTHING;
  const [resource = '', key = ''] = id.split(' ');
  const object = fork.api.store.get(resource, key);
  if (object === undefined) return NOTHING;
  const outcome = outcomeOf(result.ref.kind, object, {
    store: fork.api.store,
    warnings: (uid) => recorder.warnings(uid),
    restartsBefore: (pod, container) => restartsBefore(run, pod, container),
    trial: trials.get(id),
    capacity: recorder.capacity.get(id),
    lastWriteAt: lastWrites.get(trials.has(id) ? trialId(trials.get(id)) : id),
    startAt,
    endAt,
    deadlocked: deadlocked.has(id),
  });
  // What is there and stays as it is needs no forecast.
  const isQuiet = result.action === 'unchanged' && !recorder.touched.has(id) && outcome.outlook === 'good';
  return isQuiet ? { ...NOTHING, pods: outcome.pods } : outcome;
}

function diagnosticsOf({ result, document, outcome }: Judged): readonly Diagnostic[] {
  if (document === undefined) return [];
  const refused = result.action === 'rejected' ? result.diagnostics : [];
  const found = outcome.findings.map((finding) => diagnosticOf(document, finding));
  // Several reasons of one text may lead to the same place.
  const unique = new Map(found.map((each) => [`${each.range.start.line}:${each.range.start.character} ${each.message}`, each]));
  return [...refused, ...unique.values()];
}

/** What is said of hundreds of documents alike is said of the first few; above each of them it stands all the same. */
export function withoutFlood(found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.length <= MOST_ALIKE) return found;
  const alike = Map.groupBy(found, ({ message }) => message);
  const seen = new Map<string, number>();
  return found.flatMap((each): readonly Diagnostic[] => {
    const count = (seen.get(each.message) ?? 0) + 1;
    seen.set(each.message, count);
    const more = (alike.get(each.message)?.length ?? 0) - MOST_ALIKE;
    if (more <= 0 || count < MOST_ALIKE) return [each];
    return count > MOST_ALIKE ? [] : [{ ...each, message: `${each.message} The same goes for ${more} more in this file.` }];
  });
}

const MOST_ALIKE = 5;

/** At the first of the finding's fields that is written; else where the first one would stand. */
function diagnosticOf(document: ManifestDocument, { fields, message, severity, of }: Finding): Diagnostic {
  const paths = fields.map((steps) => pathOf(document, of, steps));
  const places = paths.map((path) => ({ path, place: locate(document.yaml, path) }));
  const best = places.find(({ place }) => place.complete) ?? places[0] ?? { path: Path.root, place: locate(document.yaml, Path.root) };
  const { path, place } = best;
  return { range: place.complete ? place.value : place.key, severity, message, code: 'Forecast', path: path.toString(), fixes: [] };
}

function pathOf({ ref, prefix, object }: ManifestDocument, of: Finding['of'], steps: Steps): Path {
  const [first, name, ...rest] = steps;
  const start = prefix === '' ? Path.root : parsePath(prefix);
  if (first === 'claimTemplates') return along(start, ['spec', 'volumeClaimTemplates', claimTemplateIndex(object, name), ...rest]);
  const template = of === 'pod' ? (POD_TEMPLATES[`${ref?.apiVersion ?? ''}/${ref?.kind ?? ''}`] ?? '') : '';
  return along(template === '' ? start : along(start, template.split('.')), steps);
}

/** Of the template that makes a Pod's volume; behind the last one if none does. */
function claimTemplateIndex(object: ManifestDocument['object'], name: Steps[number] | undefined): number {
  const { volumeClaimTemplates: templates = [] } = (object as Partial<StatefulSet> | undefined)?.spec ?? {};
  const index = templates.findIndex(({ metadata }) => metadata.name === name);
  return index < 0 ? templates.length : index;
}

const LISTS: ReadonlySet<string> = new Set(['containers', 'initContainers', 'env', 'volumes']);

/** A text after a list names an item of it. */
function along(start: Path, steps: Steps): Path {
  let path = start;
  for (const [index, step] of steps.entries()) {
    if (typeof step === 'number') path = path.index(step);
    else path = LISTS.has(String(steps[index - 1])) ? path.key(step) : path.child(step);
  }
  return path;
}

function restartsBefore({ recorder, cluster }: Run, { metadata }: Pod, container: string): number {
  const key = objectKey(metadata.namespace, metadata.name ?? '');
  const touched = recorder.touched.get(`pods ${key}`);
  const before = (touched === undefined ? cluster.api.store.get('pods', key) : touched.before) as Pod | undefined;
  return before?.status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;
}

function podRow({ recorder }: Run, owner: string, { pod, reason }: Outcome['pods'][number]): ForecastPod {
  const { namespace = '', name = '' } = pod.metadata;
  const { status, ready } = summarise(pod);
  const touched = recorder.touched.get(`pods ${objectKey(namespace, name)}`);
  return {
    ref: { apiVersion: 'v1', kind: 'Pod', namespace, name },
    owner,
    node: pod.spec?.nodeName ?? '',
    status,
    ready,
    reason,
    isNew: touched !== undefined && touched.before === undefined,
  };
}

/** `Pod "a" is invalid: ` says nothing that is not above the document anyway. */
function shortRefusal(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line
    .replace(/^\S+ "[^"]*" is invalid: /, '')
    .replace(/^\S+ in version "[^"]*" cannot be handled as an? \S+: (?:strict decoding error: )?/, '');
}
