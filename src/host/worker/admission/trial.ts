/**
 * One document tried on a twin of the API server: what an apply would be answered now, at the fields to blame.
 * Invariant: the cluster is not written; what only its parts would still do (fill in a quota, serve a new kind) is no finding.
 * Counterpart: `kubectl apply --dry-run=server`, but that the documents before it count.
 */
import type { ValidatingAdmissionPolicy } from '../../../api/schema/types/admissionregistration/v1.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import type { ApiServer } from '../../../apiserver/apiServer.ts';
import { applyObject } from '../../../kubectl/apply.ts';
import type { Rest } from '../../../kubectl/rest.ts';
import { parsePath } from '../../../manifest/locate.ts';
import type { Diagnostic, Severity } from '../../../manifest/model.ts';
import type { YamlDocument } from '../../../manifest/yaml/document.ts';
import type { ManifestObject } from '../manifestDocuments.ts';
import { blamedFor, placedAt } from './placement.ts';

/** A finding; it does not count where the workspace has what it misses. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly misses?: { readonly kind: string; readonly name: string };
}

/** Of all diagnostics of admission. */
export const ADMISSION = 'Admission';

export interface TrialContext {
  readonly rest: Rest;
  /** Nothing is written, so that each object is tried by itself; else the API server is a twin that nobody else uses. */
  readonly dryRun: boolean;
  readonly policy: (name: string) => ValidatingAdmissionPolicy | undefined;
  /** Whether a warning is news. */
  readonly isWarning: (message: string) => boolean;
  /** Where the object stands; read when there is something to tell. */
  readonly document: () => YamlDocument;
}

/** On a twin of the API server, to which what was tried before belongs. */
export function trialOn(api: ApiServer, rest: Rest, document: () => YamlDocument): TrialContext {
  const policy = (name: string): ValidatingAdmissionPolicy | undefined =>
    api.store.get(POLICIES, name) as ValidatingAdmissionPolicy | undefined;
  return { rest, dryRun: false, policy, isWarning: isOfAdmission, document };
}

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';

/** The policies of a cluster that is far away, by name; none if it does not show them. */
export async function policiesOf(rest: Rest): Promise<ReadonlyMap<string, ValidatingAdmissionPolicy>> {
  const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
  const { code, body } = await rest.request({ method: 'GET', path });
  const items = code === 200 ? ((body as { readonly items?: readonly ValidatingAdmissionPolicy[] }).items ?? []) : [];
  return new Map(items.map((policy) => [policy.metadata?.name ?? '', policy]));
}

export async function tryObject(context: TrialContext, item: ManifestObject): Promise<readonly Finding[]> {
  const { object, ref } = item;
  if (object === undefined || ref === undefined) return [];
  const applied = await applyObject(context.rest, object, { dryRun: context.dryRun, namespace: ref.namespace });
  if (!applied.ok) return refusal(context, item, applied.status);
  if (ref.kind === 'Namespace' && applied.value.action === 'created') await addAccount(context, ref.name);
  return applied.warnings.filter(context.isWarning).map((message) => ({ diagnostic: blamed(context, item, message, 'information') }));
}

/** A namespace has its default account as soon as anybody can apply something else. */
async function addAccount({ rest, dryRun }: TrialContext, namespace: string): Promise<void> {
  if (dryRun) return;
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts`;
  await rest.request({ method: 'POST', path, query: { fieldManager: 'kubepad' }, contentType: 'application/json', body });
}

/** What the kind's own rules warn of stands there already, without a cluster. */
function isOfAdmission(warning: string): boolean {
  return /PodSecurity|AdmissionPolicy '/.test(warning);
}

/** What comes true by itself a moment after the documents before were applied. */
const NOT_YET = /status unknown for quota|no matches for kind|not yet ready to handle request/;

const MISSES: readonly (readonly [RegExp, string])[] = [
  [/namespaces "([^"]+)" not found/, 'v1/Namespace'],
  [/serviceaccount "([^"]+)" not found/, 'v1/ServiceAccount'],
  [/no PriorityClass with name (\S+) was found/, 'scheduling.k8s.io/v1/PriorityClass'],
  [/RuntimeClass "([^"]+)" not found/, 'node.k8s.io/v1/RuntimeClass'],
];

function refusal(context: TrialContext, item: ManifestObject, { code, details, message = '' }: Status): readonly Finding[] {
  // That a server is down says nothing of a manifest.
  if (code === undefined || code >= 500 || NOT_YET.test(message)) return [];
  const causes = (details?.causes ?? []).filter(({ field }) => field !== undefined && field !== '');
  if (causes.length > 0) {
    return causes.map(({ field = '', message: text }) => ({
      diagnostic: placedAt(context.document(), item, [parsePath(field)], {
        message: `${field}: ${text}`,
        severity: 'error',
        code: ADMISSION,
      }),
    }));
  }
  const misses = MISSES.flatMap(([pattern, kind]) => {
    const name = pattern.exec(message)?.[1];
    return name === undefined ? [] : [{ kind, name }];
  })[0];
  return [{ diagnostic: blamed(context, item, message, 'error'), ...(misses === undefined ? {} : { misses }) }];
}

function blamed({ document, policy }: TrialContext, item: ManifestObject, message: string, severity: Severity): Diagnostic {
  return blamedFor(document(), item, { message, severity, code: ADMISSION }, policy);
}

/** The namespaces in which a quota counts. */
export function countedNamespaces(api: ApiServer): ReadonlySet<string> {
  return new Set(api.store.list('resourcequotas').flatMap(({ metadata }) => metadata.namespace ?? []));
}
