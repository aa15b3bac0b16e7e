/**
 * The open documents of an editor: answers about them from their last text, judging anew only what changed.
 * Invariant: an answer depends on the text and the judge alone; the cache holds what the last text of each file needed.
 * Counterpart: the document store of a language server.
 */
import { withApiVersions } from './apiversions/diagnose.ts';
import { CURRENT_MINOR } from './apiversions/releases.ts';
import { readDocument, type YamlDocument } from './yaml/document.ts';
import { documentHead } from './completion/documentHead.ts';
import { diagnoseDocument, isClean } from './diagnose.ts';
import { fastValue } from './yaml/fastValue.ts';
import type { Judge } from './judge.ts';
import type { Diagnostic, DocumentOutline, Position, Range } from './model.ts';
import { headOf, recogniseFile, type FileKind } from './recognise.ts';
import { splitDocuments } from './yaml/split.ts';

/** A document of a file, read and judged when first asked for; its places count from its own first line. */
export interface Entry {
  readonly text: string;
  /** Read with its places when something first needs them. */
  readonly document: YamlDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** An entry and where it stands in its file now. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly line: number;
  /** Where it begins on its line; what stands before it there belongs to the entry before. */
  readonly column: number;
}

interface OpenFile {
  readonly text: string;
  readonly kind: FileKind;
  readonly entries: readonly PlacedEntry[];
  readonly judged: number;
}

export interface FileDiagnostics {
  readonly diagnostics: readonly Diagnostic[];
  readonly judged: number;
  readonly cached: number;
}

export class Documents {
  private current: Judge;
  private minor = CURRENT_MINOR;
  private isPatch: (uri: string) => boolean = () => false;
  private readonly texts = new Map<string, string>();
  private readonly files = new Map<string, OpenFile>();

  constructor(judge: Judge) {
    this.current = judge;
  }

  get judge(): Judge {
    return this.current;
  }

  /** Everything is judged anew: the other judge knows other kinds. */
  judgeBy(judge: Judge): void {
    if (judge === this.current) return;
    this.current = judge;
    this.files.clear();
  }

  /** Judges for another minor release of Kubernetes than that of the simulation. */
  judgeFor(minor: number): void {
    if (minor === this.minor) return;
    this.minor = minor;
    this.files.clear();
  }

  /** Files that are merged into others and are no objects by themselves: they are left alone. Asked at every reading. */
  leaveAlone(isPatch: (uri: string) => boolean): void {
    this.isPatch = isPatch;
  }

  /** A file is read anew: something else is known of it. */
  forget(uri: string): void {
    this.files.delete(uri);
  }

  /** The file's whole text, when it is opened and on every change. Nothing is read until someone asks. */
  change(uri: string, text: string): void {
    this.texts.set(uri, text);
  }

  /** The whole text of a manifest without mistakes of syntax; undefined: it is none, or not open. */
  readable(uri: string): string | undefined {
    const entries = this.file(uri)?.entries ?? [];
    const isReadable = entries.length > 0 && entries.every(({ entry }) => entry.document.syntax.length === 0);
    return isReadable ? this.texts.get(uri) : undefined;
  }

  close(uri: string): void {
    this.texts.delete(uri);
    this.files.delete(uri);
  }

  /** Undefined: the file is not open. */
  textOf(uri: string): string | undefined {
    return this.texts.get(uri);
  }

  uris(): Iterable<string> {
    return this.texts.keys();
  }

  /** Undefined: the file is not open. `judged` counts the documents that were not in the cache. */
  diagnostics(uri: string): FileDiagnostics | undefined {
    const file = this.file(uri);
    if (file === undefined) return undefined;
    const diagnostics = file.entries.flatMap(({ entry, line }) => entry.diagnostics.map((diagnostic) => shiftDiagnostic(diagnostic, line)));
    return { diagnostics, judged: file.judged, cached: file.entries.length - file.judged };
  }

  /** The document at a position, and the position within it; undefined where nothing may be said. */
  at(uri: string, position: Position): { readonly entry: Entry; readonly line: number; readonly offset: number } | undefined {
    const file = this.file(uri);
    const placed = file?.entries.findLast(
      ({ line, column }) => line < position.line || (line === position.line && column <= position.character),
    );
    if (placed === undefined) return undefined;
    const offset = placed.entry.document.lines.offset({ line: position.line - placed.line, character: position.character });
    return { entry: placed.entry, line: placed.line, offset };
  }

  /** The documents of a file, in its order; none of a file that is no manifest. */
  entries(uri: string): readonly PlacedEntry[] {
    return this.file(uri)?.entries ?? [];
  }

  outline(uri: string): readonly DocumentOutline[] {
    return (this.file(uri)?.entries ?? []).flatMap(({ entry, line }) => {
      const head = documentHead(entry.document);
      if (head === undefined) return [];
      return [
        {
          range: shift(wholeRange(entry.document), line),
          apiVersion: head.apiVersion ?? '',
          kind: head.kind ?? '',
          namespace: head.namespace,
          name: head.name,
        },
      ];
    });
  }

  private file(uri: string): OpenFile | undefined {
    const text = this.texts.get(uri);
    if (text === undefined) return undefined;
    const known = this.files.get(uri);
    if (known?.kind === 'manifest' && known.text === text) return known;
    const file = this.read(uri, text, known);
    this.files.set(uri, file);
    return file;
  }

  private read(uri: string, text: string, before: OpenFile | undefined): OpenFile {
    const kind = this.isPatch(uri) ? 'kustomize' : recogniseFile(uri, text);
    if (kind !== 'manifest') return { text, kind, entries: [], judged: 0 };
    const cache = new Map((before?.entries ?? []).map(({ entry }) => [entry.text, entry]));
    let judged = 0;
    const entries = splitDocuments(text).map(({ line, column, text: own }): PlacedEntry => {
      let entry = cache.get(own);
      if (entry === undefined) {
        entry = readEntry(this.judge, own, this.minor);
        cache.set(own, entry);
        judged++;
      }
      return { entry, line, column };
    });
    return { text, kind, entries, judged };
  }
}

/** Places are looked up only for a document that has findings. */
function readEntry(judge: Judge, text: string, minor: number): Entry {
  const fast = fastValue(text);
  let document: YamlDocument | undefined;
  const read = (): YamlDocument => (document ??= readDocument(text));
  const clean = fast !== undefined && isClean(judge, fast.value) && (minor === CURRENT_MINOR || headOf(fast.value) === undefined);
  return {
    text,
    get document() {
      return read();
    },
    diagnostics: clean ? [] : withApiVersions(diagnoseDocument(judge, read()), read(), minor),
  };
}

/** From the first to the last character that is not blank. */
export function wholeRange(document: YamlDocument): Range {
  const end = document.text.trimEnd().length;
  const start = document.root?.range?.[0] ?? 0;
  return document.lines.range(Math.min(start, end), end);
}

export function shift(range: Range, lines: number): Range {
  return {
    start: { line: range.start.line + lines, character: range.start.character },
    end: { line: range.end.line + lines, character: range.end.character },
  };
}

export function shiftDiagnostic(diagnostic: Diagnostic, lines: number): Diagnostic {
  if (lines === 0) return diagnostic;
  return {
    ...diagnostic,
    range: shift(diagnostic.range, lines),
    fixes: diagnostic.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, range: shift(edit.range, lines) })) })),
  };
}
