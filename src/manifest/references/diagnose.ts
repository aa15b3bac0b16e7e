/** The checks between objects as diagnostics of a text, with links to the places in other files. */
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { shift } from '../documents.ts';
import { locate, rangeOf } from '../locate.ts';
import type { CodeFix, Diagnostic, RelatedPlace } from '../model.ts';
import { writtenAt } from '../written.ts';
import { crossProblems, type CrossProblem, type RelatedObject } from './checks.ts';
import type { World } from './world.ts';
import type { IndexedObject } from './workspaceIndex.ts';

/** Texts are read with their places only where something is said of them, and then once. */
export class Places {
  private readonly documents = new WeakMap<IndexedObject['facts'], YamlDocument>();
  private readonly known = new WeakMap<IndexedObject['facts'], { readonly question: string; readonly found: readonly Diagnostic[] }>();
  /** The objects of a List share their document, and are asked about one after the other. */
  private last: YamlDocument | undefined;

  /** What is found in an object's own text: not looked for again if the same was asked the last time. */
  found({ facts }: IndexedObject, question: string, find: () => readonly Diagnostic[]): readonly Diagnostic[] {
    const known = this.known.get(facts);
    if (known?.question === question) return known.found;
    const found = find();
    this.known.set(facts, { question, found });
    return found;
  }

  document({ facts, text }: IndexedObject): YamlDocument {
    let document = this.documents.get(facts);
    if (document === undefined) {
      document = this.last?.text === text ? this.last : readDocument(text);
      this.last = document;
      this.documents.set(facts, document);
    }
    return document;
  }
}

/** Ranges count from the document's first line. */
export function crossDiagnostics(object: IndexedObject, world: World, places: Places): readonly Diagnostic[] {
  const problems = crossProblems(object, world);
  if (problems.length === 0) return [];
  const document = places.document(object);
  return problems.map((problem) => toDiagnostic(document, problem, places));
}

function toDiagnostic(document: YamlDocument, problem: CrossProblem, places: Places): Diagnostic {
  const place = locate(document, problem.path);
  const { code, message, related, instead } = problem;
  return {
    range: place.value,
    severity: 'information',
    message,
    code,
    path: problem.path.toString(),
    fixes: instead === undefined || !place.complete ? [] : replacement(document, place.node, instead),
    ...(related.length === 0 ? {} : { related: related.map((each) => relatedPlace(each, places)) }),
  };
}

function replacement(document: YamlDocument, node: unknown, instead: string): readonly CodeFix[] {
  const range = rangeOf(document, node);
  if (range === undefined) return [];
  return [{ title: `Change to "${instead}"`, edits: [{ range, newText: writtenAt(document, range, instead) }], preferred: true }];
}

function relatedPlace({ object, path, message }: RelatedObject, places: Places): RelatedPlace {
  return { uri: object.uri, range: shift(locate(places.document(object), path).key, object.line), message };
}
