/**
 * What can be typed at a place: kinds with their skeleton, fields with the required ones first, values.
 * Invariant: the place is found by reading the text with a mark put where the cursor is, never by counting blanks.
 */
import { isMap } from 'yaml';
import { fieldOrder, kindOrder, versionOrder } from './completionOrder.ts';
import { keyText } from '../yaml/document.ts';
import { documentHead, headValue } from './documentHead.ts';
import { shift, type Documents } from '../documents.ts';
import { allowedValues, fieldAt, fieldOf, typeName, type FieldInfo } from '../fields.ts';
import { parentOf } from '../fixes.ts';
import { documentationOf, type Documentation } from '../hover.ts';
import type { Judge } from '../judge.ts';
import { asJson, placeInJson } from './jsonPlace.ts';
import { servedVersion } from '../kinds.ts';
import { locate } from '../locate.ts';
import type { Completion, Position, Range } from '../model.ts';
import { completeProgram, programKeys } from '../program/completion.ts';
import { writtenAs } from '../navigation/newName.ts';
import type { Offer } from '../offers/objects.ts';
import { MARK, placeOf, type Place } from './place.ts';
import { offersAt } from '../offers/offers.ts';
import type { World } from '../references/world.ts';
import { choices, endingAtLastPlace, Skeleton } from './skeleton.ts';
import { isInBraces } from '../written.ts';

export function completeAt(
  documents: Documents,
  uri: string,
  position: Position,
  documentation: Documentation | undefined,
  world?: World,
): readonly Completion[] {
  const found = documents.at(uri, position);
  if (found === undefined) return [];
  const program = completeProgram(found.entry.document, found.offset);
  if (program !== undefined) return program.map((completion) => ({ ...completion, range: shift(completion.range, found.line) }));
  const { document } = found.entry;
  const isJson = isInBraces({ text: document.text.slice(0, found.offset) });
  const place = isJson ? placeInJson(document, found.offset) : placeOf(document, found.offset);
  if (place === undefined) return [];
  const { judge } = documents;
  const completions = place.side === 'key' ? keys(judge, place, documentation, world) : values(judge, place, world);
  const next = place.missing === '' ? [] : nextItem(judge, place);
  const own = place.json === undefined ? completions : asJson(completions, place);
  return [...next, ...own.map((completion) => indented(completion, place.missing))].map((completion) => ({
    ...completion,
    range: shift(completion.range, found.line),
  }));
}

function indented(completion: Completion, blanks: string): Completion {
  return blanks === '' ? completion : { ...completion, insertText: completion.insertText.replaceAll(/^/gm, blanks) };
}

/** `apps/v1/Deployment`; of a kind without a version the one that serves it, which is what will be written there. */
function kindOfPlace(judge: Judge, { document }: Place): string | undefined {
  const { apiVersion, kind } = headValue(document) ?? {};
  if (typeof kind !== 'string') return undefined;
  if (typeof apiVersion === 'string' && apiVersion !== '') return `${apiVersion}/${kind}`;
  const version = servedVersion(judge, kind);
  return version === undefined ? undefined : `${version}/${kind}`;
}

function keys(judge: Judge, place: Place, documentation: Documentation | undefined, world: World | undefined): readonly Completion[] {
  const kind = kindOfPlace(judge, place);
  const parent = parentOf(place.path);
  if (parent.segments().length === 0 && (kind === undefined || !judge.kinds.has(kind))) {
    return [...kindSkeletons(judge, place), ...headFields(place)];
  }
  if (kind === undefined) return [];
  const holder = fieldAt(judge.schemas, kind, parent);
  if (holder === undefined) return [];
  if (holder.schema.properties === undefined) return inOpenMapOrList(judge, place, kind, holder, world);
  const map = locate(place.document, parent).node;
  const taken = new Set(isMap(map) ? map.items.map(keyText) : []);
  return Object.keys(holder.schema.properties)
    .filter((name) => !taken.has(name))
    .map((name): Completion => {
      const info = fieldOf(judge.schemas, holder, name);
      const required = info?.required === true;
      const skeleton = place.flow ? `${name}: $0` : endingAtLastPlace(new Skeleton(judge.schemas, nameOf(place)).field(holder, name, 0));
      return {
        label: name,
        kind: 'field',
        range: place.range,
        insertText: place.renaming ? name : skeleton,
        snippet: !place.renaming,
        detail: info === undefined ? '' : typeName(judge.schemas, info.schema, info.definition),
        documentation: info === undefined ? '' : documentationOf(documentation, info),
        required,
        sortText: fieldOrder(holder, name, required),
      };
    });
}

/** What the object is called already, which is what its labels are called most of the time. */
function nameOf({ document }: Place): string | undefined {
  const name = documentHead(document)?.name;
  return name === undefined || name === '' || /[^a-z0-9.-]/.test(name) ? undefined : name;
}

/** Where the words are the user's: keys of a map of texts, items of a list of texts, or the next item of a list. */
function inOpenMapOrList(judge: Judge, place: Place, kind: string, holder: FieldInfo, world: World | undefined): readonly Completion[] {
  const { value } = place.document;
  const parent = parentOf(place.path);
  const programs = programKeys(value, place.path.toString(), place.range, place.renaming);
  if (holder.schema.items !== undefined) return [...programs, ...itemCompletion(judge, place, holder)];
  const isMapOfTexts = holder.schema.additionalProperties !== undefined;
  const offers = world === undefined ? [] : offersAt(world, kind, value, parent, isMapOfTexts);
  const allowed = allowedValues(judge.schemas, holder);
  if (!isMapOfTexts) return [...programs, ...offered(place, holder, offers), ...allowedCompletions(place, holder, allowed)];
  const map = locate(place.document, parent).node;
  const taken = new Set(isMap(map) ? map.items.map(keyText) : []);
  const pairs = offers
    .filter((offer) => !taken.has(offer.value))
    .map(({ value: key, detail, pair = '' }, index) => {
      const insertText = place.renaming ? key : `${key}: ${pair === '' ? '' : writtenAs(pair)}`;
      return { ...valueCompletion(place.range, key, index, detail), kind: 'name' as const, insertText };
    });
  return [...programs, ...pairs];
}

/** The item after the one whose fields are offered. */
function nextItem(judge: Judge, place: Place): readonly Completion[] {
  const kind = kindOfPlace(judge, place);
  const list = kind === undefined ? undefined : fieldAt(judge.schemas, kind, parentOf(parentOf(place.path)));
  return list?.schema.items === undefined ? [] : itemCompletion(judge, place, list);
}

/** A whole item, where the list's dash is not typed yet. */
function itemCompletion(judge: Judge, place: Place, holder: FieldInfo): readonly Completion[] {
  if (place.renaming || place.flow) return [];
  const insertText = endingAtLastPlace(new Skeleton(judge.schemas, nameOf(place)).item(holder, 0));
  const label = `- ${typeName(judge.schemas, holder.schema, undefined).slice(2)}`;
  return [{ ...valueCompletion(place.range, label, 0, 'item'), kind: 'field', insertText, snippet: true }];
}

function kindSkeletons(judge: Judge, place: Place): readonly Completion[] {
  if (isMap(place.document.root) && place.document.root.items.some((pair) => ['apiVersion', 'kind'].includes(keyText(pair)))) return [];
  return [...judge.kinds].map((kind): Completion => {
    const cut = kind.lastIndexOf('/');
    return {
      label: kind.slice(cut + 1),
      kind: 'kind',
      range: place.range,
      insertText: endingAtLastPlace(new Skeleton(judge.schemas).object(kind)),
      snippet: true,
      detail: kind.slice(0, cut),
      documentation: '',
      required: false,
      sortText: kindOrder(kind),
    };
  });
}

function headFields(place: Place): readonly Completion[] {
  const { root } = place.document;
  const taken = new Set(isMap(root) ? root.items.map(keyText) : []);
  return ['apiVersion', 'kind', 'metadata', 'spec']
    .filter((name) => !taken.has(name))
    .map((name, index) => ({
      label: name,
      kind: 'field',
      range: place.range,
      insertText: name === 'metadata' ? 'metadata:\n  name: $0' : name === 'spec' ? 'spec:\n  $0' : `${name}: $0`,
      snippet: true,
      detail: '',
      documentation: '',
      required: name !== 'spec',
      sortText: `08${index}`,
    }));
}

function values(judge: Judge, place: Place, world: World | undefined): readonly Completion[] {
  const path = place.path.toString();
  if (path === 'apiVersion') return apiVersions(judge, place);
  if (path === 'kind') return kinds(judge, place);
  const kind = kindOfPlace(judge, place);
  const info = kind === undefined ? undefined : fieldAt(judge.schemas, kind, place.path);
  if (kind === undefined || info === undefined) return [];
  const offers = world === undefined ? [] : offersAt(world, kind, place.document.value, place.path, false);
  const allowed = info.schema.type === 'boolean' ? ['true', 'false'] : allowedValues(judge.schemas, info);
  return [...offered(place, info, offers), ...allowedCompletions(place, info, allowed)];
}

function allowedCompletions(place: Place, info: FieldInfo, allowed: readonly string[]): readonly Completion[] {
  return choices(allowed, info.default).map((value, index) =>
    valueCompletion(place.range, value, index, info.default === value ? 'default' : ''),
  );
}

/** Texts that would read as something else get quotes, unless they stand between some. */
function offered(place: Place, info: FieldInfo, offers: readonly Offer[]): readonly Completion[] {
  const isText = info.schema.type === 'string';
  return offers
    .filter(({ value }) => value !== MARK)
    .map(({ value, detail }, index) => {
      const plain = value.startsWith('"') ? (JSON.parse(value) as string) : value;
      const insertText = place.quoted ? plain : value.startsWith('"') || !isText ? value : writtenAs(value);
      return { ...valueCompletion(place.range, value, index, detail), kind: 'name', insertText };
    });
}

function apiVersions(judge: Judge, place: Place): readonly Completion[] {
  const kind = isMap(place.document.root) ? place.document.root.get('kind') : undefined;
  const fitting = [...judge.kinds].filter((served) => typeof kind !== 'string' || served.endsWith(`/${kind}`));
  const versions = new Set((fitting.length > 0 ? fitting : [...judge.kinds]).map((served) => served.slice(0, served.lastIndexOf('/'))));
  return [...versions].map((version) => ({
    ...valueCompletion(place.range, version, 0, ''),
    kind: 'apiVersion',
    sortText: versionOrder(version),
  }));
}

function kinds(judge: Judge, place: Place): readonly Completion[] {
  const version = isMap(place.document.root) ? place.document.root.get('apiVersion') : undefined;
  const prefix = typeof version === 'string' ? `${version}/` : undefined;
  const fitting = [...judge.kinds].filter((served) => prefix === undefined || served.startsWith(prefix));
  return fitting.map((served) => ({
    ...valueCompletion(place.range, served.slice(served.lastIndexOf('/') + 1), 0, served.slice(0, served.lastIndexOf('/'))),
    kind: 'kind',
    sortText: kindOrder(served),
  }));
}

function valueCompletion(range: Range, value: string, index: number, detail: string): Completion {
  return {
    label: value,
    kind: 'value',
    range,
    insertText: value,
    snippet: false,
    detail,
    documentation: '',
    required: false,
    sortText: String(index).padStart(4, '0'),
  };
}
