/**
 * The objects of a set of files, each with its place, and what cannot be applied and why.
 */
import { Path } from '../../apimachinery/field/path.ts';
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { readDocument, type YamlDocument } from '../../manifest/yaml/document.ts';
import { wholeRange } from '../../manifest/documents.ts';
import { objectsOf } from '../../manifest/lists.ts';
import type { Range } from '../../manifest/model.ts';
import { headOf, isRecord, recogniseFile, type FileKind } from '../../manifest/recognise.ts';
import { splitDocuments } from '../../manifest/yaml/split.ts';
import { resourceOf, subjectOf } from '../../kubectl/rest.ts';
import { isScenario } from '../../scenario/types.ts';
import type { ManifestFile } from '../protocol/protocol.ts';
import type { ObjectRef } from '../protocol/view.ts';

export interface ManifestDocument {
  readonly uri: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  readonly yaml: YamlDocument;
  readonly range: Range;
  /** `deployment.apps/web`, or `document 2` of a text that names no object. */
  readonly subject: string;
  readonly ref: ObjectRef | undefined;
  /** Undefined: it is not applied, see `reason`. */
  readonly object: UnknownObject | undefined;
  readonly reason: string;
  /** Path of the object within the document; not empty for the items of a List. */
  readonly prefix: string;
}

const NOT_APPLIED: Readonly<Record<Exclude<FileKind, 'manifest'>, string>> = {
  template: 'a Helm template: render the chart first (helm template)',
  kustomize: 'a part of a kustomization: render it first (kubectl kustomize)',
  other: 'not a Kubernetes manifest',
};

/** @param namespace for objects that name none */
export function readManifests(files: readonly ManifestFile[], namespace: string): readonly ManifestDocument[] {
  return files.flatMap((file) => readFile(file, namespace));
}

function readFile({ uri, text }: ManifestFile, namespace: string): readonly ManifestDocument[] {
  const kind = recogniseFile(uri, text);
  const documents = splitDocuments(text).map(({ line, text: own }) => readDocument(own, line));
  if (kind !== 'manifest') {
    const yaml = readDocument('');
    return [
      {
        uri,
        document: 0,
        yaml,
        range: wholeRange(yaml),
        subject: nameOf(uri),
        ref: undefined,
        object: undefined,
        reason: NOT_APPLIED[kind],
        prefix: '',
      },
    ];
  }
  return documents.flatMap((yaml, index) => readObjects(uri, index, yaml, namespace));
}

function readObjects(uri: string, index: number, yaml: YamlDocument, namespace: string): readonly ManifestDocument[] {
  const base = { uri, document: index, yaml, range: wholeRange(yaml), prefix: '' };
  const broken = { ...base, subject: `document ${index + 1}`, ref: undefined, object: undefined };
  const problem = yaml.syntax[0];
  if (problem !== undefined) return [{ ...broken, reason: `error parsing ${nameOf(uri)}: ${problem.message}` }];
  const { value } = yaml;
  if (value === null || value === undefined) return [];
  if (headOf(value) === undefined || !isRecord(value)) return [{ ...broken, reason: 'not a Kubernetes object' }];
  if (isScenario(value)) return [{ ...broken, reason: 'a scenario: run it in the Test Explorer, or by `kubepad test`' }];
  return objectsIn(value, namespace).map((object) => ({ ...base, ...object }));
}

/** An object of a document, before it has a place in a text. */
export type ManifestObject = Pick<ManifestDocument, 'subject' | 'ref' | 'object' | 'reason' | 'prefix'>;

/** The object that a document holds, or those of a list; none if it holds nothing of the kind. */
export function objectsIn(value: unknown, namespace: string): readonly ManifestObject[] {
  const head = headOf(value);
  if (head === undefined || !isRecord(value)) return [];
  if (head.apiVersion === 'v1' && head.kind === 'List' && !Array.isArray(value['items'])) return [];
  return objectsOf(value).map(([object, at]) => ({ ...named(object, namespace), prefix: at === Path.root ? '' : at.toString() }));
}

function named(
  value: Readonly<Record<string, unknown>>,
  namespace: string,
): Pick<ManifestDocument, 'subject' | 'ref' | 'object' | 'reason'> {
  const head = headOf(value);
  const { apiVersion = '', kind = '' } = head ?? {};
  const resource = resourceOf(apiVersion, kind);
  const name = head?.name === undefined || head.name === '' ? (head?.generateName ?? '') : head.name;
  const own = head?.namespace === undefined || head.namespace === '' ? namespace : head.namespace;
  return {
    subject: resource === undefined ? `${kind.toLowerCase()}/${name}` : subjectOf(resource, name),
    ref: { apiVersion, kind, namespace: resource?.namespaced === false ? '' : own, name },
    // Metadata may be missing in what a person wrote; the server says so.
    object: { ...value, metadata: isRecord(value['metadata']) ? value['metadata'] : {} } as UnknownObject,
    reason: '',
  };
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
