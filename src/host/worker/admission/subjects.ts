/**
 * The documents of a file as the API server would get them, and which of them matter to the answers about others.
 * Invariant: what a document takes covers all that its answer can owe to other documents of the file. Counterpart: none.
 */
import type { Entry, PlacedEntry } from '../../../manifest/documents.ts';
import { inDependencyOrder } from '../../../kubectl/order.ts';
import { fastValue } from '../../../manifest/yaml/fastValue.ts';
import { objectsIn, type ManifestObject } from '../manifestDocuments.ts';

export interface Subject {
  readonly entry: Entry;
  /** In the order in which they are applied; none of a document that is no object or that is wrong by itself. */
  readonly objects: readonly ManifestObject[];
  /** Names for what others may owe to it. */
  readonly gives: readonly string[];
  /** What its answer may owe to others. */
  readonly takes: readonly string[];
}

/** Kinds that decide about objects of any kind, or must be there before those. */
const GOVERNING: ReadonlySet<string> = new Set([
  'Namespace',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'IngressClass',
  'CustomResourceDefinition',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

/** Machines, time and failures of the simulation: what they are is no question of admission. */
const OWN_GROUP = 'kubepad.dev/';

/** Objects of documents that did not change are read once. */
export class SubjectReader {
  private readonly known = new WeakMap<Entry, { readonly namespace: string; readonly objects: readonly ManifestObject[] }>();

  /** What there is to apply of a document: nothing of one that is wrong by itself. */
  objects(entry: Entry, namespace: string): readonly ManifestObject[] {
    const before = this.known.get(entry);
    if (before?.namespace === namespace) return before.objects;
    const isWrong = entry.diagnostics.some(({ severity }) => severity === 'error');
    // Places are looked up only where there is something to tell.
    const value = isWrong ? undefined : (fastValue(entry.text) ?? entry.document).value;
    const objects = objectsIn(value, namespace).filter(({ ref }) => ref !== undefined && !ref.apiVersion.startsWith(OWN_GROUP));
    this.known.set(entry, { namespace, objects });
    return objects;
  }
}

/** @param isCounted whether a quota counts what a namespace has */
export function subjectsOf(
  entries: readonly PlacedEntry[],
  objectsOf: (entry: Entry) => readonly ManifestObject[],
  isCounted: (namespace: string) => boolean,
): readonly Subject[] {
  const subjects = entries.map(({ entry }): Subject => {
    const objects = objectsOf(entry);
    const names = objects.flatMap(({ ref }) => ref ?? []);
    const ids = names.map((ref) => `id ${ref.apiVersion} ${ref.kind} ${ref.namespace} ${ref.name}`);
    const shared = names.flatMap((ref) => [
      ...(ref.kind === 'Service' ? ['service'] : []),
      ...(isCounted(ref.namespace) ? [`counted ${ref.namespace}`] : []),
    ]);
    return {
      entry,
      objects,
      gives: [...(names.some(({ kind }) => GOVERNING.has(kind)) ? ['all'] : []), ...ids, ...shared],
      takes: ['all', ...ids, ...shared],
    };
  });
  return inDependencyOrder(subjects, ({ objects }) => objects[0]?.ref?.kind ?? '');
}

/** The texts of all others that a subject's answer may owe something to. */
export function contextsOf(subjects: readonly Subject[]): (subject: Subject) => string {
  const texts = new Map<string, string>();
  for (const { entry, gives } of subjects) for (const name of gives) texts.set(name, `${texts.get(name) ?? ''}${entry.text}\0`);
  return ({ takes }) => takes.map((name) => texts.get(name) ?? '').join('\u0001');
}
