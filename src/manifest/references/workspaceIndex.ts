/**
 * The objects of all manifests of a workspace, found by name, kind, label and port.
 * Invariant: follows the texts it was given; a document whose text did not change is not read again, wherever it moved to.
 * Counterpart: the indexers of client-go, over files in place of a cluster.
 */
import type { Selector } from '../../apimachinery/labels/selector.ts';
import { matches } from '../../apimachinery/labels/selector.ts';
import { readDocument } from '../yaml/document.ts';
import { fastValue } from '../yaml/fastValue.ts';
import { objectsOf } from '../lists.ts';
import { isRecord, recogniseFile, type FileKind } from '../recognise.ts';
import { splitDocuments } from '../yaml/split.ts';
import { factsOf, type Facts } from './facts.ts';
import { hitsOf } from './fieldPattern.ts';
import { MARK } from '../rules/suppress.ts';
import { generatedBy, madeOf } from './made.ts';

/** An object and where it is written. */
export interface IndexedObject {
  readonly uri: string;
  /** Line of the file on which its document begins. */
  readonly line: number;
  /** The document's text. */
  readonly text: string;
  readonly facts: Facts;
}

/** What questions about references and rules are answered by. */
export type ObjectIndex = Pick<WorkspaceIndex, 'of' | 'textOf' | 'hasMarks' | 'named' | 'kind' | 'nodePort' | 'selected'>;

interface IndexedFile {
  readonly text: string;
  readonly hasMarks: boolean;
  readonly objects: readonly IndexedObject[];
  /** Facts by the document's text. */
  readonly read: ReadonlyMap<string, readonly Facts[]>;
}

type Table = Map<string, Set<IndexedObject>>;

const NONE: ReadonlySet<IndexedObject> = new Set();

export class WorkspaceIndex {
  private readonly files = new Map<string, IndexedFile>();
  private readonly byName: Table = new Map();
  private readonly byKind: Table = new Map();
  private readonly byLabel: Table = new Map();
  private readonly byNodePort: Table = new Map();
  private readonly templates = new Set<IndexedObject>();
  private changes = 0;

  /** Counts what can change an answer: not the lines on which objects stand. */
  get version(): number {
    return this.changes;
  }

  /**
   * The file's whole text; an empty one forgets it.
   * @param kind where it is known better than by name and text
   */
  change(uri: string, text: string, kind: FileKind = recogniseFile(uri, text)): void {
    const before = this.files.get(uri);
    if (before?.text === text || (before === undefined && text === '')) return;
    const after = text === '' ? undefined : { ...readFile(uri, text, kind, before), hasMarks: text.includes(MARK) };
    for (const object of before?.objects ?? []) this.put(object, false);
    for (const object of after?.objects ?? []) this.put(object, true);
    if (after === undefined) this.files.delete(uri);
    else this.files.set(uri, after);
    if (!isSame(before, after)) this.changes++;
  }

  /** The objects of one file, in its order. */
  of(uri: string): readonly IndexedObject[] {
    return this.files.get(uri)?.objects ?? [];
  }

  textOf(uri: string): string {
    return this.files.get(uri)?.text ?? '';
  }

  /** Whether comments for Kubepad may stand in a file. */
  hasMarks(uri: string): boolean {
    return this.files.get(uri)?.hasMarks === true;
  }

  uris(): Iterable<string> {
    return this.files.keys();
  }

  /** @param groupKind `Deployment.apps` */
  named(groupKind: string, name: string): ReadonlySet<IndexedObject> {
    return this.byName.get(`${groupKind}/${name}`) ?? NONE;
  }

  kind(groupKind: string): ReadonlySet<IndexedObject> {
    return this.byKind.get(groupKind) ?? NONE;
  }

  nodePort(port: number): ReadonlySet<IndexedObject> {
    return this.byNodePort.get(String(port)) ?? NONE;
  }

  /** Objects whose Pods a selector matches. */
  selected(selector: Selector, namespace: string): readonly IndexedObject[] {
    const label = selector.find(({ operator }) => operator === '=' || operator === 'in');
    const candidates =
      label === undefined
        ? this.templates
        : new Set(label.values.flatMap((value) => [...(this.byLabel.get(`${label.key}=${value}`) ?? NONE)]));
    return [...candidates].filter(({ facts }) => sameNamespace(facts.namespace, namespace) && matches(selector, facts.template?.labels));
  }

  private put(object: IndexedObject, add: boolean): void {
    const { facts } = object;
    const enter = (table: Table, key: string): void => {
      const set = table.get(key);
      if (add && set === undefined) table.set(key, new Set([object]));
      else if (add) set?.add(object);
      else if (set?.delete(object) === true && set.size === 0) table.delete(key);
    };
    if (facts.name !== '') enter(this.byName, `${facts.groupKind}/${facts.name}`);
    enter(this.byKind, facts.groupKind);
    if (facts.template !== undefined) {
      if (add) this.templates.add(object);
      else this.templates.delete(object);
      for (const [key, value] of Object.entries(facts.template.labels)) enter(this.byLabel, `${key}=${value}`);
    }
    if (facts.kind === 'v1/Service')
      for (const { value } of hitsOf(facts.value, 'spec.ports[].nodePort')) enter(this.byNodePort, String(value));
  }
}

/** Who names no namespace may be meant for any: it is chosen when it is applied. */
export function sameNamespace(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}

function readFile(uri: string, text: string, kind: FileKind, before: IndexedFile | undefined): Omit<IndexedFile, 'hasMarks'> {
  if (kind === 'kustomize' && /configMapGenerator|secretGenerator/.test(text)) {
    const objects = generatedBy(readDocument(text).value).map((facts): IndexedObject => ({ uri, line: 0, text, facts }));
    return { text, objects, read: new Map() };
  }
  if (kind !== 'manifest') return { text, objects: [], read: new Map() };
  const read = new Map<string, readonly Facts[]>();
  const objects = splitDocuments(text).flatMap(({ line, text: own }) => {
    const all = read.get(own) ?? before?.read.get(own) ?? factsIn(own);
    read.set(own, all);
    return all.map((facts): IndexedObject => ({ uri, line, text: own, facts }));
  });
  return { text, objects, read };
}

/** What the objects of a document tell; of one whose syntax is broken nothing. */
function factsIn(text: string): readonly Facts[] {
  if (!text.includes('kind')) return [];
  const { value } = fastValue(text) ?? readDocument(text);
  if (!isRecord(value)) return [];
  return objectsOf(value).flatMap(([object, at]) => {
    const facts = factsOf(object, () => at);
    return facts === undefined ? [] : [facts, ...madeOf(facts)];
  });
}

function isSame(before: IndexedFile | undefined, after: IndexedFile | undefined): boolean {
  const [a, b] = [before?.objects ?? [], after?.objects ?? []];
  return a.length === b.length && a.every(({ facts }, index) => facts === b[index]?.facts);
}
