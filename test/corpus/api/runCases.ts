/** Runs cases against a server and scores the answers at the corpus' four levels. */
import { kindOf, type Answer, type Base, type Case, type Cause, type Corpus } from './corpus.ts';
import { applyPatch, difference, dump, isObject, tokens, type Operation } from './json.ts';
import { normalise, normaliseText } from './normalise.ts';
import type { Reply, Server } from './server.ts';

export const LEVELS = ['verdict', 'fields', 'message', 'defaulting'] as const;
export type Level = (typeof LEVELS)[number];

/** passed and total */
export type Score = Record<Level, [number, number]>;

export interface Failure {
  readonly id: string;
  readonly kind: string;
  readonly level: Level;
  readonly expected: unknown;
  readonly got: unknown;
}

export interface Result {
  readonly scores: ReadonlyMap<string, Score>;
  readonly failures: readonly Failure[];
}

const STRICT = { fieldValidation: 'Strict', fieldManager: 'corpus' };
const DRY = { ...STRICT, dryRun: 'All' };

interface Got {
  readonly answer: Answer;
  /** The normalised object, or for updates the difference to the old one. */
  readonly object: unknown;
}

/** @param wanted which cases to run, by id and kind */
export function runCases(server: Server, corpus: Corpus, wanted: (id: string, kind: string) => boolean = () => true): Result {
  const scores = new Map<string, Score>();
  const failures: Failure[] = [];
  const count = (kind: string, level: Level, passed: boolean): void => {
    let score = scores.get(kind);
    if (score === undefined) scores.set(kind, (score = { verdict: [0, 0], fields: [0, 0], message: [0, 0], defaulting: [0, 0] }));
    score[level][1]++;
    if (passed) score[level][0]++;
  };
  const judge = (id: string, kind: string, expected: Answer, got: Answer): void => {
    const levels = compare(expected, got);
    for (const level of ['verdict', 'fields', 'message'] as const) if (levels[level] !== undefined) count(kind, level, levels[level]);
    const failed = (['verdict', 'fields', 'message'] as const).find((level) => levels[level] === false);
    if (failed !== undefined) failures.push({ id, kind, level: failed, expected, got });
  };
  const judgeObject = (id: string, kind: string, expected: unknown, got: unknown): void => {
    const operations = got === undefined ? [{ op: 'none', path: '', value: 'no object was returned' }] : difference(expected, got);
    count(kind, 'defaulting', operations.length === 0);
    if (operations.length > 0)
      failures.push({
        id,
        kind,
        level: 'defaulting',
        expected: operations.map((operation) => expectedAt(expected, operation)),
        got: operations,
      });
  };
  const guarded = (run: () => Got): Got => {
    try {
      return run();
    } catch (error) {
      return { answer: { code: 0, setup: error instanceof Error ? (error.stack ?? error.message) : String(error) }, object: undefined };
    }
  };
  for (const base of corpus.bases.values()) {
    if (base.aux === true || !wanted(base.id, base.kind)) continue;
    const got = guarded(() => runCreate(server, base, { id: base.id, group: '', base: base.id, expect: base.expect }));
    judge(base.id, base.kind, base.expect, got.answer);
    judgeObject(base.id, base.kind, base.defaulted, got.object);
  }
  for (const one of corpus.creates) {
    const kind = kindOf(one);
    const base = corpus.bases.get(one.base);
    if (base === undefined || !wanted(one.id, kind)) continue;
    const got = guarded(() => runCreate(server, base, one));
    judge(one.id, kind, one.expect, got.answer);
    if (one.diff !== undefined && one.expect.code < 400) judgeObject(one.id, kind, applyPatch(base.defaulted, one.diff), got.object);
  }
  for (const one of corpus.updates) {
    const kind = kindOf(one);
    const base = corpus.bases.get(one.base);
    if (base === undefined || !wanted(one.id, kind)) continue;
    const got = guarded(() => runUpdate(server, base, one));
    judge(one.id, kind, one.expect, got.answer);
    if (one.diff !== undefined && one.expect.code < 400) judgeObject(one.id, kind, one.diff, got.object);
  }
  return { scores, failures };
}

function runCreate(server: Server, base: Base, one: Case): Got {
  let manifest: unknown = base.manifest;
  let body: string;
  if (one.raw !== undefined) {
    body = one.raw;
    try {
      manifest = JSON.parse(body);
    } catch {
      // Not JSON: the base tells what was given.
    }
  } else {
    manifest = applyPatch(base.manifest, one.patch ?? []);
    body = dump(manifest);
  }
  const path = one.path ?? base.path;
  const params = { ...(one.real === true ? STRICT : DRY), ...one.params };
  const reply = server.call('POST', path, body, { params, ...(one.contentType === undefined ? {} : { contentType: one.contentType }) });
  if (one.real === true && reply.code < 300) server.remove(`${path}/${nameOf(reply.object)}`);
  const metadata = isObject(manifest) && isObject(manifest['metadata']) ? manifest['metadata'] : {};
  const prefix = metadata['generateName'];
  const status =
    reply.code >= 400 && (metadata['name'] ?? '') === '' && typeof prefix === 'string' && prefix !== ''
      ? hideSuffix(reply.object, prefix)
      : reply.object;
  const bag = isObject(manifest) ? manifest : {};
  return {
    answer: answerOf({ ...reply, object: status }, body),
    object: reply.code < 300 ? normalise(reply.object, bag) : undefined,
  };
}

/** Creates the old object, applies the patch to what the server returned, PUTs that as a dry run, deletes. */
function runUpdate(server: Server, base: Base, one: Case): Got {
  const path = one.path ?? base.path;
  const old = applyPatch(base.manifest, one.old ?? []) as Record<string, unknown>;
  let live: unknown = old;
  if (one.absent !== true) {
    let created = server.call('POST', path, dump(old), { params: STRICT });
    if (created.code === 409) {
      server.remove(`${path}/${nameOf(old)}`);
      created = server.call('POST', path, dump(old), { params: STRICT });
    }
    if (created.code >= 300)
      return { answer: { code: created.code, setup: `the old object was refused: ${JSON.stringify(created.object)}` }, object: undefined };
    const name = nameOf(created.object);
    // The names of a definition are accepted a moment after it is created.
    const established = old['kind'] === 'CustomResourceDefinition';
    live = withoutManagedFields(established ? server.call('GET', `${path}/${name}`).object : created.object);
  }
  const item = `${path}/${nameOf(live)}`;
  try {
    let wanted: unknown;
    try {
      wanted = applyPatch(live, one.patch ?? []);
    } catch (error) {
      return { answer: { code: 0, setup: `the patch does not apply to the created object: ${String(error)}` }, object: undefined };
    }
    let reply = server.call('PUT', `${item}${one.subresource ?? ''}`, dump(wanted), { params: DRY });
    // Controllers have written meanwhile (as to CustomResourceDefinitions): try again with what is there now.
    if (one.keepVersion !== true && isModified(reply)) {
      const fresh = withoutManagedFields(server.call('GET', item).object);
      reply = server.call('PUT', `${item}${one.subresource ?? ''}`, dump(applyPatch(fresh, one.patch ?? [])), { params: DRY });
    }
    const answer = answerOf(reply, dump([old, one.patch ?? null]));
    if (reply.code >= 300) return { answer, object: undefined };
    const before = normalise(live, old) as Record<string, unknown>;
    const after = normalise(reply.object, old) as Record<string, unknown>;
    if (one.subresource === undefined) {
      delete before['status'];
      delete after['status'];
    }
    return { answer, object: difference(before, after) };
  } finally {
    if (one.absent !== true) server.remove(item);
  }
}

function withoutManagedFields(object: unknown): unknown {
  const copy: unknown = structuredClone(object);
  if (isObject(copy) && isObject(copy['metadata'])) delete copy['metadata']['managedFields'];
  return copy;
}

function isModified({ code, object }: Reply): boolean {
  return code === 409 && isObject(object) && String(object['message'] ?? '').includes('has been modified');
}

function answerOf(reply: Reply, given: string): Answer {
  const warnings = reply.warnings.length > 0 ? { warnings: reply.warnings.map((text) => normaliseText(text, given)) } : {};
  if (reply.code < 400 || !isObject(reply.object)) return { code: reply.code, ...warnings };
  const details = isObject(reply.object['details']) ? reply.object['details'] : {};
  const causes = (Array.isArray(details['causes']) ? details['causes'] : []) as readonly Cause[];
  return {
    code: reply.code,
    reason: String(reply.object['reason'] ?? ''),
    message: normaliseText(String(reply.object['message'] ?? ''), given),
    ...(causes.length === 0
      ? {}
      : {
          causes: causes.map(
            (cause) =>
              Object.fromEntries(Object.entries(cause).map(([key, text]) => [key, normaliseText(String(text), given)])) as unknown as Cause,
          ),
        }),
    ...warnings,
  };
}

function compare(expected: Answer, got: Answer): { verdict: boolean; fields?: boolean; message?: boolean } {
  const accepted = expected.code < 400;
  const verdict = got.code < 400 === accepted && got.setup === undefined;
  const same = (left: string | readonly string[] | undefined, right: string | readonly string[] | undefined): boolean =>
    expected.anyOrder === true
      ? JSON.stringify(parts(left)) === JSON.stringify(parts(right))
      : JSON.stringify(left ?? '') === JSON.stringify(right ?? '');
  if (accepted) {
    if ((expected.warnings ?? []).length > 0) return { verdict, message: verdict && same(expected.warnings, got.warnings) };
    return (got.warnings ?? []).length > 0 ? { verdict, message: false } : { verdict };
  }
  const fields = verdict && JSON.stringify(causePairs(expected)) === JSON.stringify(causePairs(got));
  if (expected.message === undefined) return { verdict, fields };
  let message =
    verdict && expected.code === got.code && (expected.reason ?? '') === (got.reason ?? '') && same(expected.message, got.message);
  if (message && expected.warnings !== undefined) message = same(expected.warnings, got.warnings);
  return { verdict, fields, message };
}

function causePairs(answer: Answer): readonly string[] {
  return [...new Set((answer.causes ?? []).map((cause) => `${cause.field ?? ''} ${cause.reason ?? ''}`))].sort();
}

/** What is compared where the order of the parts is not fixed. */
function parts(text: string | readonly string[] | undefined): readonly string[] {
  return (typeof text === 'string' ? text.split(/, |[\][,{} ]/) : [...(text ?? [])]).sort();
}

function hideSuffix(value: unknown, prefix: string): unknown {
  const escaped = prefix.slice(0, 58).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(${escaped})[a-z0-9]{5}(?=")`, 'g');
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') return item.replaceAll(pattern, '$1<rand>');
    if (Array.isArray(item)) return item.map(visit);
    return isObject(item) ? Object.fromEntries(Object.entries(item).map(([key, child]) => [key, visit(child)])) : item;
  };
  return visit(value);
}

function expectedAt(expected: unknown, operation: Operation): unknown {
  if (operation.op === 'add') return undefined;
  let value = expected;
  for (const token of tokens(operation.path))
    value = isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[token] : undefined;
  return value;
}

function nameOf(object: unknown): string {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  return String(metadata['name'] ?? '');
}
