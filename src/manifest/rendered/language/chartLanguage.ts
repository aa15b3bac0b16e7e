/**
 * Hover, completion and navigation in the files of a chart: values, templates and what they are called.
 * Invariant: answers come from the chart's files alone; nothing is rendered. Counterpart: none; Helm has no language server.
 */
import { isMap, isScalar } from 'yaml';
import { Lines } from '../../yaml/lines.ts';
import { pathAt } from '../../locate.ts';
import type { Completion, Diagnostic, Hover, Position, Range } from '../../model.ts';
import { isRecord } from '../../recognise.ts';
import { keyText } from '../../yaml/document.ts';
import { chartFolder, placeAt, templateOf, type ChartFiles } from '../chartFiles.ts';
import { meaningOf, type ValuePath } from '../template/values.ts';
import { ChartIndex, type ChartWord } from './chartIndex.ts';
import { cursorAt, typingAt } from './cursor.ts';
import { schemaProblemsOf, schemasAt, type ValuesSchema } from './schema.ts';
import { BUILT_INS } from './words.ts';

export interface ChartTextPlace {
  /** A file of the chart. */
  readonly path: string;
  readonly range: Range;
}

const MAX_LISTED = 12;

export class ChartLanguage {
  private readonly chart: ChartFiles;
  private readonly index: ChartIndex;

  constructor(chart: ChartFiles) {
    this.chart = chart;
    this.index = new ChartIndex(chart);
  }

  hover(path: string, position: Position): Hover | undefined {
    const value = this.valueAt(path, position);
    if (value !== undefined) return { range: value.range, markdown: this.valueText(path, value.path, this.usedText(path, value.path)) };
    const cursor = templateOf(path) === undefined ? undefined : cursorAt(this.index, path, this.offset(path, position));
    if (cursor === undefined) return undefined;
    const range = this.range(path, cursor.start, cursor.end);
    switch (cursor.type) {
      case 'value':
        return { range, markdown: this.valueText(path, cursor.path, this.setText(path, cursor.path)) };
      case 'definition':
        return { range, markdown: this.definitionText(cursor.name) };
      case 'builtIn': {
        const own = BUILT_INS[cursor.object];
        const text = cursor.field === undefined ? own?.text : own?.fields?.[cursor.field];
        const name = `.${cursor.object}${cursor.field === undefined ? '' : `.${cursor.field}`}`;
        return text === undefined ? undefined : { range, markdown: `**\`${name}\`**\n\n${text}` };
      }
    }
  }

  completion(path: string, position: Position): readonly Completion[] {
    const offset = this.offset(path, position);
    if (templateOf(path) === undefined) return this.schemaKeys(path, position);
    const typing = typingAt(this.index, path, offset);
    if (typing === undefined) return [];
    const range = this.range(path, typing.start, typing.end);
    if (typing.type === 'name') {
      const names = new Set(this.index.definitions().map(({ text }) => text));
      return [...names].toSorted().map((label) => item(label, range, 'name', 'definition', ''));
    }
    if (typing.chain === '' || typing.chain === '$') {
      const { dot } = typing.scope;
      if (typing.chain === '$' || dot.type === 'root')
        return Object.entries(BUILT_INS).map(([label, { text }]) => item(label, range, 'field', '', text));
    }
    const object = /^\$?\.([A-Z]\w*)$/.exec(typing.chain)?.[1];
    const fields = object === undefined ? undefined : BUILT_INS[object]?.fields;
    if (fields !== undefined) return Object.entries(fields).map(([label, text]) => item(label, range, 'field', object ?? '', text));
    const meaning = meaningOf(typing.chain === '' ? '.' : typing.chain, typing.scope);
    return meaning.type === 'value' ? this.keysAt(path, meaning.path, range) : [];
  }

  definition(path: string, position: Position): readonly ChartTextPlace[] {
    const cursor = templateOf(path) === undefined ? undefined : cursorAt(this.index, path, this.offset(path, position));
    if (cursor?.type === 'value') return this.chart.value(path, cursor.path).map(({ path: file, key }) => ({ path: file, range: key }));
    if (cursor?.type !== 'definition') return [];
    return this.index
      .definitions()
      .filter(({ text }) => text === cursor.name)
      .map((word) => this.place(word));
  }

  /** Who uses a value or renders a definition. */
  references(path: string, position: Position): readonly ChartTextPlace[] {
    const value = this.valueAt(path, position);
    if (value !== undefined) return this.index.uses(path, value.path).map((word) => this.place(word));
    const cursor = templateOf(path) === undefined ? undefined : cursorAt(this.index, path, this.offset(path, position));
    if (cursor?.type === 'definition') return this.index.includes(cursor.name).map((word) => this.place(word));
    if (cursor?.type !== 'value') return [];
    const [root] = this.chart.valueRoots(path, cursor.path).toReversed();
    return root === undefined ? [] : this.index.uses(root[0], cursor.path).map((word) => this.place(word));
  }

  /** What the chart's schema says of its values. */
  diagnostics(path: string): readonly Diagnostic[] {
    const schema = isValues(path) ? this.schema(path) : undefined;
    const document = schema === undefined ? undefined : this.chart.document(path);
    if (schema === undefined || document === undefined || document.syntax.length > 0) return [];
    const value = document.value ?? {};
    const isOwn = /(?:^|\/)values\.yaml$/.test(path);
    return schemaProblemsOf(schema, value).flatMap(({ path: at, message, onKey }): readonly Diagnostic[] => {
      // Other files of values are laid over the chart's own: what they leave out is there.
      if (!isOwn && message.startsWith('missing ')) return [];
      const text = `at '${at.map((part) => `/${part}`).join('')}': ${message}`;
      let place = at.length === 0 ? undefined : placeAt(document, at);
      for (let length = at.length - 1; place === undefined && length > 0; length--) place = placeAt(document, at.slice(0, length));
      const range =
        (onKey ? place?.key : place?.value) ?? new Lines(this.text(path)).range(0, /^.*/.exec(this.text(path))?.[0].length ?? 0);
      return [{ range, severity: 'error', message: text, code: 'Schema', path: at.join('.'), fixes: [] }];
    });
  }

  private valueAt(path: string, position: Position): { readonly path: ValuePath; readonly range: Range } | undefined {
    if (!isValues(path)) return undefined;
    const document = this.chart.document(path);
    if (document === undefined) return undefined;
    const cursor = pathAt(document, this.offset(path, position));
    if (cursor.on === 'none' || cursor.range === undefined) return undefined;
    return { path: cursor.path.segments().map(({ segment }) => String(segment)), range: cursor.range };
  }

  private valueText(owner: string, path: ValuePath, more: string): string {
    const title = `**\`.Values.${path.join('.')}\`**`.replaceAll('.[]', '[]');
    const schema = this.schema(owner);
    const [own] = schema === undefined ? [] : schemasAt(schema, path).filter((each) => Object.keys(each).length > 0);
    const about = own === undefined ? '' : schemaText(own);
    return [title, about, more].filter((part) => part !== '').join('\n\n');
  }

  private usedText(path: string, value: ValuePath): string {
    const uses = this.index.uses(path, value);
    if (uses.length === 0) return chartFolder(path) === '' || uses.length > 0 ? 'No template names it.' : '';
    const lines = uses.slice(0, MAX_LISTED).map((word) => `- \`${word.path}:${this.place(word).range.start.line + 1}\` \`${word.text}\``);
    const rest = uses.length > MAX_LISTED ? `\n- … ${uses.length - MAX_LISTED} more` : '';
    return `Used by:\n${lines.join('\n')}${rest}`;
  }

  private setText(owner: string, path: ValuePath): string {
    const places = this.chart.value(owner, path);
    if (places.length === 0) return 'No file of values sets it.';
    return places
      .map(({ path: file, key, node }) => {
        const line = `\`${file}:${key.start.line + 1}\``;
        if (isScalar(node)) return `- ${line}: \`${node.source ?? String(node.value)}\``;
        return `- ${line}${isMap(node) ? `: ${node.items.map((pair) => `\`${keyText(pair)}\``).join(', ')}` : ''}`;
      })
      .join('\n');
  }

  private definitionText(name: string): string {
    const [word] = this.index.definitions().filter(({ text }) => text === name);
    if (word === undefined) return `**\`${name}\`**\n\nNo template defines it.`;
    const text = this.text(word.path);
    const end = text.indexOf('{{', text.indexOf('}}', word.end) + 2);
    const until = text.indexOf('{{- end }}', word.end);
    const body = text.slice(text.lastIndexOf('{{', word.start), until < 0 ? end : until + '{{- end }}'.length);
    const comment = /\{\{-?\s*\/\*([^]*?)\*\/\s*-?\}\}\s*$/.exec(text.slice(0, text.lastIndexOf('{{', word.start)))?.[1]?.trim();
    const where = `\`${word.path}:${this.place(word).range.start.line + 1}\``;
    return [`**\`${name}\`** · ${where}`, comment ?? '', `\`\`\`yaml\n${body.split('\n').slice(0, MAX_LISTED).join('\n')}\n\`\`\``]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  private keysAt(owner: string, path: ValuePath, range: Range): readonly Completion[] {
    const found = new Map<string, Completion>();
    for (const { node } of this.chart.value(owner, path.length === 0 ? [] : path)) this.addKeys(found, node, range);
    if (path.length === 0)
      for (const [file, own] of this.chart.valueRoots(owner, [])) {
        const document = this.chart.document(file);
        if (document !== undefined) this.addKeys(found, own.length === 0 ? document.root : placeAt(document, own)?.node, range);
      }
    const schema = this.schema(owner);
    for (const each of schema === undefined ? [] : schemasAt(schema, path))
      for (const [name, inner] of Object.entries(isRecord(each['properties']) ? each['properties'] : {}))
        if (!found.has(name)) found.set(name, item(name, range, 'field', '', isRecord(inner) ? schemaText(inner) : ''));
    return [...found.values()];
  }

  private addKeys(found: Map<string, Completion>, node: unknown, range: Range): void {
    if (!isMap(node)) return;
    for (const pair of node.items) {
      const name = keyText(pair);
      const detail = isScalar(pair.value) ? (pair.value.source ?? String(pair.value.value)) : '';
      if (/^[A-Za-z_]\w*$/.test(name) && !found.has(name)) found.set(name, item(name, range, 'field', detail.split('\n')[0] ?? '', ''));
    }
  }

  /** In a file of values the keys that the schema knows. */
  private schemaKeys(path: string, position: Position): readonly Completion[] {
    const schema = isValues(path) ? this.schema(path) : undefined;
    const document = schema === undefined ? undefined : this.chart.document(path);
    if (schema === undefined || document === undefined) return [];
    const lines = this.text(path).split('\n');
    const line = lines[position.line] ?? '';
    const typed = /^(\s*)([\w-]*)$/.exec(line.slice(0, position.character));
    if (typed === null) return [];
    const parent = parentPath(lines, position.line, (typed[1] ?? '').length);
    const start = { line: position.line, character: (typed[1] ?? '').length };
    const range = {
      start,
      end: { line: position.line, character: start.character + (/^[\w-]*/.exec(line.slice(start.character))?.[0].length ?? 0) },
    };
    const held = parent.length === 0 ? document.root : placeAt(document, parent)?.node;
    const taken = new Set(isMap(held) ? held.items.map(keyText) : []);
    return schemasAt(schema, parent).flatMap(({ properties }) =>
      Object.entries(isRecord(properties) ? properties : {})
        .filter(([name]) => !taken.has(name))
        .map(([name, inner]) => item(name, range, 'field', '', isRecord(inner) ? schemaText(inner) : '', `${name}: `)),
    );
  }

  private schema(path: string): ValuesSchema | undefined {
    const folder = chartFolder(path);
    const value = this.chart.document(`${folder === '' ? '' : `${folder}/`}values.schema.json`)?.value;
    return isRecord(value) ? value : undefined;
  }

  private text(path: string): string {
    return this.chart.text(path) ?? '';
  }

  private offset(path: string, position: Position): number {
    return new Lines(this.text(path)).offset(position);
  }

  private range(path: string, start: number, end: number): Range {
    return new Lines(this.text(path)).range(start, end);
  }

  private place({ path, start, end }: ChartWord): ChartTextPlace {
    return { path, range: this.range(path, start, end) };
  }
}

export function isValues(path: string): boolean {
  return /^(?:charts\/[^/]+\/)*(?:values(?:[.-][\w.-]+)?|ci\/[\w.-]*values)\.ya?ml$/.test(path);
}

/** The path of the map that a line with this indent belongs to. */
function parentPath(lines: readonly string[], line: number, indent: number): ValuePath {
  const path: string[] = [];
  let depth = indent;
  for (let at = line - 1; at >= 0 && depth > 0; at--) {
    const match = /^(\s*)([\w./-]+):\s*(?:#.*)?$/.exec(lines[at] ?? '');
    if (match === null || (match[1] ?? '').length >= depth) continue;
    path.unshift(match[2] ?? '');
    depth = (match[1] ?? '').length;
  }
  return path;
}

function schemaText(schema: ValuesSchema): string {
  const { description, type, enum: allowed, default: fallback } = schema;
  const facts = [
    typeof type === 'string'
      ? `- Type: \`${type}\``
      : Array.isArray(type)
        ? `- Type: ${type.map((each) => `\`${String(each)}\``).join(', ')}`
        : '',
    Array.isArray(allowed) ? `- Allowed: ${allowed.map((each) => `\`${String(each)}\``).join(', ')}` : '',
    fallback === undefined ? '' : `- Default: \`${JSON.stringify(fallback)}\``,
  ].filter((line) => line !== '');
  return [typeof description === 'string' ? description : '', facts.join('\n')].filter((part) => part !== '').join('\n\n');
}

function item(
  label: string,
  range: Range,
  kind: Completion['kind'],
  detail: string,
  documentation: string,
  insertText = label,
): Completion {
  return { label, kind, range, insertText, snippet: false, detail, documentation, required: false, sortText: label };
}
