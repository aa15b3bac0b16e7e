/**
 * Tools that take manifests: judge, apply, foresee.
 * Invariant: the judge, the apply and the forecast are the editor's own. Counterpart: kubectl apply.
 */
import { groupResource } from '../../apimachinery/meta/resource.ts';
import type { CustomResourceDefinition } from '../../api/schema/types/apiextensions/v1.ts';
import { CUSTOMRESOURCEDEFINITIONS } from '../../api/schema/resources.ts';
import { humanDuration } from '../../api/duration.ts';
import { definitionsIn, withDefinitions } from '../../manifest/customKinds.ts';
import { Documents } from '../../manifest/documents.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { Diagnostic } from '../../manifest/model.ts';
import { Places } from '../../manifest/references/diagnose.ts';
import { WorkspaceIndex } from '../../manifest/references/workspaceIndex.ts';
import { hintsOf } from '../../manifest/rules/hints.ts';
import { ALL_RULES, NO_RULES } from '../../manifest/rules/settings.ts';
import type { Forecast } from '../protocol/forecast.ts';
import { SLICE_MS } from '../driver.ts';
import type { ManifestResult } from '../protocol/protocol.ts';
import { clusterObjects } from '../worker/clusterObjects.ts';
import { forecastOf } from '../worker/forecast/forecast.ts';
import { lookAhead } from '../worker/forecast/run.ts';
import { applyFiles } from '../worker/manifests.ts';
import { flag, optional } from './input.ts';
import type { Place } from './place.ts';
import { CLUSTER, MANIFEST, NAMESPACE } from './shared.ts';
import { answered, defineTool, failed } from './tool.ts';

const URI = 'inmemory:/manifest.yaml';
/** Events: far more than any manifest of a person takes. */
const FORECAST_BUDGET = 1_000_000;

export const validateManifest = defineTool({
  name: 'validate_manifest',
  title: 'Validate Manifest',
  description:
    'Checks Kubernetes manifests as the API server of Kubernetes 1.36 would (syntax, unknown fields, types, values, references to objects that are missing), without applying them. Answers with line, field and message of each finding. Use it before you propose a manifest.',
  fields: {
    manifest: MANIFEST,
    namespace: NAMESPACE,
    rules: optional(flag('Also rules of good practice (requests, probes, security and the like); default false.')),
    cluster: CLUSTER,
  },
  act: ({ clusters, judge }, { manifest, namespace, rules, cluster }) => {
    const found = findingsOf(clusters.place(cluster), judge, manifest, namespace ?? 'default', rules === true);
    const isValid = found.every(({ severity }) => severity !== 'error');
    const text =
      found.length === 0
        ? 'Valid: the API server would take it.'
        : `${isValid ? 'Valid, with remarks' : 'Invalid'}:\n${found.map(findingLine).join('\n')}`;
    return answered(text, { valid: isValid, findings: found.map(findingData) });
  },
});

export const apply = defineTool({
  name: 'apply',
  title: 'Apply Manifest',
  description:
    'Applies manifests to a simulated cluster as kubectl apply does, each document for itself, and says what became of each. Time does not go on: call run_until afterwards to let controllers, scheduler and kubelets work. Prefer a fork over the main cluster to try something.',
  fields: { manifest: MANIFEST, namespace: NAMESPACE, dryRun: optional(flag('Ask the server only; store nothing.')), cluster: CLUSTER },
  act: async ({ clusters, judge, token }, { manifest, namespace, dryRun, cluster }) => {
    const { rest } = clusters.place(cluster);
    const files = [{ uri: URI, text: manifest }];
    const params = { files, namespace: namespace ?? 'default', dryRun: dryRun === true, progress: undefined };
    const { results, cancelled } = await applyFiles({ rest, judge, token, onProgress: () => undefined }, params);
    if (results.length === 0) return failed(cancelled ? 'Cancelled.' : 'There is no object in the manifest.');
    return answered(results.map(resultLine).join('\n'), {
      ok: !cancelled && results.every(({ action }) => action !== 'rejected' && action !== 'skipped'),
      results: results.map(({ subject, ref, action, message, warnings, range, diagnostics }) => ({
        subject,
        ...(ref === undefined ? {} : { ref }),
        action,
        message,
        warnings,
        line: range.start.line + 1,
        findings: diagnostics.map(findingData),
      })),
    });
  },
});

export const forecast = defineTool({
  name: 'forecast',
  title: 'Forecast Apply',
  description:
    'Says what would become of manifests if they were applied: the copy of the cluster runs ahead until nothing goes on any more. Answers which Pods would run where, which would stay Pending, crash or not start and why, and which rollouts would stop. Changes nothing.',
  fields: { manifest: MANIFEST, namespace: NAMESPACE, cluster: CLUSTER },
  act: async ({ clusters, judge, token }, { manifest, namespace, cluster }) => {
    const place = clusters.place(cluster);
    const params = { files: [{ uri: URI, text: manifest }], namespace: namespace ?? 'default' };
    let end = performance.now() + SLICE_MS;
    const context = {
      cluster: place.cluster,
      judge,
      token,
      budget: FORECAST_BUDGET,
      expired: () => performance.now() >= end,
      turn: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        end = performance.now() + SLICE_MS;
      },
    };
    const run = await lookAhead(context, params);
    const found = run === undefined ? undefined : await forecastOf(run, params, context);
    if (found === undefined) return failed('Cancelled.');
    return answered(forecastText(found), {
      ok: found.documents.every(({ outlook }) => outlook !== 'trouble' && outlook !== 'refused'),
      documents: found.documents.map(({ subject, action, outlook, text }) => ({ subject, action, outlook, text })),
      findings: found.files.flatMap(({ diagnostics }) => diagnostics.map(findingData)),
      pods: found.pods.map(({ ref, node, status, reason }) => ({ name: ref.name, namespace: ref.namespace, node, status, reason })),
      aheadMs: found.aheadMs,
      end: found.end,
    });
  },
});

function findingsOf({ cluster }: Place, judge: Judge, text: string, namespace: string, rules: boolean): readonly Diagnostic[] {
  const { api } = cluster;
  const stored = api.store.list(groupResource(CUSTOMRESOURCEDEFINITIONS)) as readonly CustomResourceDefinition[];
  const documents = new Documents(withDefinitions(judge, [...stored, ...definitionsIn(text)]));
  documents.change(URI, text);
  const verdict = documents.diagnostics(URI)?.diagnostics ?? [];
  const index = new WorkspaceIndex();
  index.change(URI, text);
  const places = new Places();
  const settings = { references: true, rules: rules ? ALL_RULES : NO_RULES };
  const objects = clusterObjects(
    () => api.store,
    (version, kind) => api.catalog.strategyForKind(version, kind)?.resource,
  );
  const world = { index, cluster: objects, namespace };
  const hints = index.of(URI).flatMap((object) => hintsOf(object, settings, world, places));
  return [...verdict, ...hints].toSorted(
    ({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character,
  );
}

function findingLine({ range, severity, path, message }: Diagnostic): string {
  return `line ${range.start.line + 1}: ${severity}: ${path === '' || message.startsWith(path) ? '' : `${path}: `}${message}`;
}

function findingData({ range, severity, path, message, code }: Diagnostic): object {
  return { line: range.start.line + 1, column: range.start.character + 1, severity, code, path, message };
}

function resultLine({ subject, action, message, warnings }: ManifestResult): string {
  const said = warnings.map((warning) => `\n  Warning: ${warning}`).join('');
  return `${subject} ${action}${message === '' ? '' : `: ${message}`}${said}`;
}

function forecastText({ documents, files, pods, aheadMs, end }: Forecast): string {
  const why = { stable: 'nothing goes on any more', limit: 'something still goes on', budget: 'it was not looked further' }[end];
  return [
    ...documents.map(({ subject, action, outlook, text }) => `${subject}: ${text === '' ? action : `${outlook}: ${text}`}`),
    ...files.flatMap(({ diagnostics }) => diagnostics.map(findingLine)),
    ...pods.map(({ ref, node, status, reason }) => {
      const where = node === '' ? 'on no node' : `on ${node}`;
      return `pod/${ref.name} ${where}: ${status}${reason === '' ? '' : `: ${reason}`}`;
    }),
    `${humanDuration(aheadMs)} ahead: ${why}.`,
  ].join('\n');
}
