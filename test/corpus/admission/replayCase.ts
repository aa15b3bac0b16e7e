/** Plays one case against a fresh cluster, as the corpus' own runner plays it against a server. */
import { isDeepStrictEqual } from 'node:util';
import { RESOURCES } from '../../../src/api/register.ts';
import { apiVersion } from '../../../src/apimachinery/meta/resource.ts';
import type { Case, Expectation, Manifest, Request, Step } from './case.ts';
import { field, message, normal, text, type Names } from './normalise.ts';
import { at } from './paths.ts';
import { Server, type WireAnswer } from './server.ts';

const TOKEN = 'k1a2b3c4d';
const POLL_STEP_MS = 100;

interface Run {
  readonly server: Server;
  readonly variables: Map<string, string>;
  readonly saved: Map<string, { path: string; value: unknown }>;
}

/** The differences; empty if every step gave the recorded answer. */
export function replayCase(testCase: Case): readonly string[] {
  const run: Run = {
    server: new Server(),
    variables: new Map([
      ['id', TOKEN],
      ['ns', `ns-${TOKEN}`],
      ['ns2', `nt-${TOKEN}`],
    ]),
    saved: new Map(),
  };
  const refused = setUp(run, testCase);
  if (refused !== undefined) return [refused];
  for (const [index, step] of testCase.steps.entries()) {
    const expected = step.expect ?? {};
    const got = play(run, step, expected);
    if (step.expect === undefined || agrees(step, got, expected)) continue;
    const { method, path } = fill(run, step.request) as Request;
    return [`step ${index + 1}/${testCase.steps.length} ${method} ${path}`, ...differences(expected, got)];
  }
  return [];
}

function setUp(run: Run, testCase: Case): string | undefined {
  const whole = JSON.stringify(testCase);
  for (const name of ['ns', 'ns2']) {
    if (!whole.includes(`\${${name}}`)) continue;
    const labels = testCase.namespaceLabels === undefined ? {} : { labels: fill(run, testCase.namespaceLabels) };
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: run.variables.get(name), ...labels } };
    const made = run.server.call({ method: 'POST', path: '/api/v1/namespaces', body });
    if (made.code !== 201) return `namespace: ${made.raw}`;
    run.server.advance(1000);
  }
  for (const manifest of testCase.setup ?? []) {
    const body = fill(run, manifest) as Manifest;
    const made = run.server.call({ method: 'POST', path: collectionOf(body, run.variables.get('ns') ?? ''), body });
    if (made.code !== 201) return `setup: ${made.raw}`;
  }
  return undefined;
}

function collectionOf({ apiVersion: version, kind, metadata }: Manifest, namespace: string): string {
  const resource = RESOURCES.find((fact) => apiVersion(fact) === version && fact.kind === kind);
  if (resource === undefined) throw new Error(`${version} ${kind} is not served`);
  const root = version === 'v1' ? '/api/v1' : `/apis/${version}`;
  return resource.namespaced ? `${root}/namespaces/${metadata.namespace ?? namespace}/${resource.plural}` : `${root}/${resource.plural}`;
}

/** One step, with its pause and, for `poll`, repetitions until the answer is as expected. */
function play(run: Run, step: Step, expected: Expectation): Record<string, unknown> {
  run.server.advance((step.waitSeconds ?? 0) * 1000);
  let left = (step.poll ?? 0) * 1000;
  for (;;) {
    const request = fill(run, step.request) as Request;
    const answer = run.server.call(request);
    const got = observe(run, request, answer, expected);
    if (left <= 0 || agrees(step, got, expected)) {
      for (const [name, path] of Object.entries(step.save ?? {})) {
        const value = at(answer.body, path);
        run.saved.set(name, { path, value });
        run.variables.set(name, String(value));
      }
      return got;
    }
    run.server.advance(POLL_STEP_MS);
    left -= POLL_STEP_MS;
  }
}

/** The answer in the form of an expectation. */
function observe(run: Run, request: Request, answer: WireAnswer, expected: Expectation): Record<string, unknown> {
  const names = namesOf(run, request);
  const got: Record<string, unknown> = { code: answer.code };
  if (answer.isWatch) return { ...got, ...observeWatch(answer.raw, expected, names) };
  const type = (answer.headers['content-type'] ?? '').replaceAll(' ', '');
  if ('contentType' in expected || type !== 'application/json') got['contentType'] = type;
  if (expected.headers !== undefined) {
    got['headers'] = Object.fromEntries(Object.keys(expected.headers).map((name) => [name, answer.headers[name.toLowerCase()] ?? null]));
  }
  if (answer.warnings.length > 0) got['warnings'] = answer.warnings.map((warning) => text(warning, names));
  const body = answer.body as Record<string, unknown> | undefined;
  if (answer.code >= 400 && body?.['kind'] === 'Status') Object.assign(got, observeStatus(body, names));
  else if ((body === undefined || answer.code >= 400) && answer.raw.length < 600 && !answer.raw.includes('\0'))
    got['text'] = message(answer.raw, names);
  if (expected.body !== undefined && answer.code < 400) {
    got['body'] = Object.fromEntries(Object.keys(expected.body).map((path) => [path, field(body, path, names)]));
  }
  if (expected.compare !== undefined) {
    const compared = Object.keys(expected.compare).map((name) => {
      const saved = run.saved.get(name);
      return [name, saved !== undefined && isDeepStrictEqual(at(body, saved.path), saved.value) ? 'same' : 'changed'];
    });
    got['compare'] = Object.fromEntries(compared);
  }
  return got;
}

function observeStatus(body: Record<string, unknown>, names: Names): Record<string, unknown> {
  const got: Record<string, unknown> = {};
  if (body['reason'] !== undefined) got['reason'] = body['reason'];
  got['message'] = message(String(body['message'] ?? ''), names);
  const { causes, uid: _uid, ...details } = (body['details'] ?? {}) as Record<string, unknown>;
  if (Array.isArray(causes) && causes.length > 0) {
    got['causes'] = (causes as Record<string, string>[]).map((cause) =>
      Object.fromEntries(Object.entries(cause).map(([key, value]) => [key, message(value, names)])),
    );
  }
  if (typeof details['name'] === 'string') details['name'] = message(details['name'], names);
  if (Object.keys(details).length > 0) got['details'] = normal(details, names);
  return got;
}

function observeWatch(raw: string, expected: Expectation, names: Names): Record<string, unknown> {
  const fields = expected.eventFields ?? ['metadata.name'];
  const lines = raw.split('\n').filter((line) => line !== '');
  const events = lines
    .map((line) => JSON.parse(line) as { readonly type: string; readonly object: unknown })
    .filter(({ type, object }) => type !== 'BOOKMARK' || at(object, 'metadata.annotations') !== null)
    .map(({ type, object }) => {
      const paths = type === 'ERROR' ? ['code', 'reason', 'message'] : fields;
      return {
        type,
        ...Object.fromEntries(
          paths.map((path) => [path, path === 'message' ? message(String(field(object, path, names)), names) : field(object, path, names)]),
        ),
      };
    });
  return { events, ...(expected.eventFields === undefined ? {} : { eventFields: fields }) };
}

function namesOf(run: Run, request: Request): Names {
  const metadata = (request.body as { readonly metadata?: { readonly generateName?: string } } | undefined)?.metadata;
  return {
    back: [
      [`ns-${TOKEN}`, '${ns}'],
      [`nt-${TOKEN}`, '${ns2}'],
      [TOKEN, '${id}'],
    ],
    saved: run.saved,
    generated: metadata?.generateName,
  };
}

function fill(run: Run, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(run, item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(run, key), fill(run, item)]));
  }
  if (typeof value !== 'string' || !value.includes('${')) return value;
  let result = value;
  for (const [name, text] of run.variables) result = result.replaceAll(`\${${name}}`, text);
  return result;
}

function agrees(step: Step, got: Record<string, unknown>, expected: Expectation): boolean {
  return step.anyOrder === true ? isDeepStrictEqual(unordered(got), unordered(expected)) : isDeepStrictEqual(got, expected);
}

/** For steps in which the server lists several errors in an order of its own each time. */
function unordered(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...answer };
  if (typeof answer['message'] === 'string') result['message'] = answer['message'].split(/, |: \[|\]$|\n- |\n/).toSorted();
  if (Array.isArray(answer['causes']))
    result['causes'] = answer['causes'].map((cause) => JSON.stringify(cause, Object.keys(cause as object).toSorted())).toSorted();
  return result;
}

function differences(expected: Readonly<Record<string, unknown>>, got: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])].toSorted();
  return keys
    .filter((key) => !isDeepStrictEqual(expected[key], got[key]))
    .map((key) => `  ${key}\n    expected: ${JSON.stringify(expected[key])}\n    got:      ${JSON.stringify(got[key])}`);
}
