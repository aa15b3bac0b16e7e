/**
 * What must be right in a scenario beside its form: one act a step, one subject an expectation, names that lead somewhere.
 * Invariant: pure; never throws, whatever the fields hold. Counterpart: the validation of a kind.
 */
import { parseDuration, DURATION_TEXT } from '../api/kubepad/duration.ts';
import { Path } from '../apimachinery/field/path.ts';
import { parseSelector } from '../apimachinery/labels/parse.ts';
import { compileGoRegexp } from '../apimachinery/regex/goRegexp.ts';
import type { Judge, Problem } from '../manifest/judge.ts';
import { problemsOf } from '../manifest/diagnose.ts';
import { isRecord } from '../manifest/recognise.ts';
import { parseFieldPath } from './fieldPath.ts';
import { findResourceOf, parseName } from './names.ts';
import { ACTS, SUBJECTS, type Act, type Expectation, type Scenario, type Step, type Subject } from './types.ts';

const SUBJECT_NAMES = Object.keys(SUBJECTS) as readonly Subject[];
const QUALIFIERS = [
  'absent',
  'fields',
  'selector',
  'where',
  'about',
  'type',
  'message',
  'namespace',
  'equals',
  'atLeast',
  'atMost',
  'matches',
] as const;
/** Acts that `within` bounds, and acts that the API server can refuse. */
const BOUNDED: ReadonlySet<Act> = new Set(['until', 'drain', 'wait']);
const REFUSABLE: ReadonlySet<Act> = new Set(['apply', 'objects', 'delete', 'scale', 'patch', 'fault', 'load']);
const CONDITIONS = ['equals', 'atLeast', 'atMost', 'matches', 'absent'];

/** @param judge of the objects that are written in the scenario */
export function checkScenario(judge: Judge, value: Readonly<Record<string, unknown>>): readonly Problem[] {
  const scenario = value as unknown as Scenario;
  const found: Problem[] = [];
  const checks = new Checks(judge, found, [...(scenario.steps ?? [])]);
  if (scenario.cluster?.config !== undefined && (scenario.cluster.preset ?? scenario.cluster.nodes) !== undefined)
    checks.say(Path.of('cluster', 'config'), 'FieldValueForbidden', 'may not be set together with `preset` or `nodes`');
  if (scenario.given !== undefined) checks.objects(scenario.given.objects, Path.of('given', 'objects'));
  scenario.steps?.forEach((step, index) => checks.step(step, Path.of('steps').index(index)));
  scenario.never?.forEach((expectation, index) => checks.expectation(expectation, Path.of('never').index(index), true));
  scenario.expect?.forEach((expectation, index) => checks.expectation(expectation, Path.of('expect').index(index)));
  if ((scenario.steps ?? []).length === 0 && (scenario.expect ?? []).length === 0)
    checks.say(Path.root, 'FieldValueRequired', 'a scenario needs `steps` or `expect`');
  return found;
}

class Checks {
  private readonly judge: Judge;
  private readonly found: Problem[];
  private readonly steps: readonly Step[];

  constructor(judge: Judge, found: Problem[], steps: readonly Step[]) {
    this.judge = judge;
    this.found = found;
    this.steps = steps;
  }

  say(path: Path, code: string, message: string): void {
    const text = path.toString();
    this.found.push({ code, severity: 'error', path, message: text === '' ? message : `${text}: ${message}` });
  }

  step(step: Step, at: Path): void {
    const acts = ACTS.filter((act) => step[act] !== undefined);
    const [act] = acts;
    if (act === undefined) return this.say(at, 'FieldValueRequired', `must have an act: ${ACTS.map((name) => `\`${name}\``).join(', ')}`);
    // Files and objects are one act: both are applied.
    const rest = acts.slice(1).filter((other) => !(act === 'apply' && other === 'objects'));
    for (const other of rest) this.say(at.child(other), 'FieldValueForbidden', `a step has one act, and this one has \`${act}\``);
    if (step.within !== undefined) {
      this.duration(step.within, at.child('within'));
      const isFixed = act === 'wait' && step.wait !== 'settled' && step.wait !== 'stable';
      if (!BOUNDED.has(act) || isFixed)
        this.say(at.child('within'), 'FieldValueForbidden', 'only `until`, `drain`, `wait: settled` and `wait: stable` are bounded');
    }
    if (step.refused !== undefined) {
      if (!REFUSABLE.has(act)) this.say(at.child('refused'), 'FieldValueForbidden', `\`${act}\` is nothing that the API server refuses`);
      this.pattern(step.refused.message, at.child('refused').child('message'));
    }
    this.objects(step.objects, at.child('objects'), step.refused !== undefined);
    this.name(withoutWildcards(step.delete?.object), at.child('delete').child('object'));
    this.name(step.scale?.object, at.child('scale').child('object'));
    this.name(step.patch?.object, at.child('patch').child('object'));
    this.name(step.restart, at.child('restart'));
    this.name(step.undo, at.child('undo'));
    if (step.patch !== undefined && Array.isArray(step.patch.patch) !== (step.patch.type === 'json'))
      this.say(at.child('patch').child('patch'), 'FieldValueInvalid', 'is a list of operations if `type` is json, else a map');
    this.spec('Fault', step.fault, at.child('fault'), step.refused !== undefined);
    this.spec('Load', step.load, at.child('load'), step.refused !== undefined);
    if (step.wait !== undefined && step.wait !== 'settled' && step.wait !== 'stable' && parseDuration(step.wait) === undefined)
      this.say(at.child('wait'), 'FieldValueInvalid', 'must be a duration (e.g. 30s), `settled` or `stable`');
    step.until?.forEach((each, index) => this.expectation(each, at.child('until').index(index)));
    step.expect?.forEach((each, index) => this.expectation(each, at.child('expect').index(index)));
  }

  expectation(expectation: Expectation, at: Path, isNever = false): void {
    const subjects = SUBJECT_NAMES.filter((name) => expectation[name] !== undefined);
    const [subject] = subjects;
    if (subject === undefined)
      return this.say(at, 'FieldValueRequired', `must be about something: ${SUBJECT_NAMES.map((name) => `\`${name}\``).join(', ')}`);
    for (const other of subjects.slice(1))
      this.say(at.child(other), 'FieldValueForbidden', `an expectation is about one thing, and this one has \`${subject}\``);
    const allowed: readonly string[] = SUBJECTS[subject];
    for (const name of QUALIFIERS)
      if (expectation[name] !== undefined && !allowed.includes(name))
        this.say(at.child(name), 'FieldValueForbidden', `does not go with \`${subject}\``);
    this.name(expectation.object, at.child('object'));
    if (expectation.absent === true && expectation.fields !== undefined)
      this.say(at.child('fields'), 'FieldValueForbidden', 'an object that is absent has none');
    if (expectation.count !== undefined && findResourceOf(expectation.count) === undefined && !expectation.count.includes('.'))
      this.say(at.child('count'), 'FieldValueInvalid', `the server doesn't have a resource type "${expectation.count}"`);
    if (expectation.selector !== undefined) {
      const parsed = parseSelector(expectation.selector);
      if ('error' in parsed) this.say(at.child('selector'), 'FieldValueInvalid', parsed.error);
    }
    this.fields(expectation.fields, at.child('fields'));
    this.fields(expectation.where, at.child('where'));
    this.pattern(expectation.message, at.child('message'));
    if (subject !== 'took') return;
    if (isNever) this.say(at.child('took'), 'FieldValueForbidden', 'a step takes its time once, at its end');
    if (!this.steps.some(({ name }) => name === expectation.took))
      this.say(at.child('took'), 'FieldValueInvalid', `no step has the name "${expectation.took ?? ''}"`);
    if (expectation.atLeast === undefined && expectation.atMost === undefined)
      this.say(at, 'FieldValueRequired', '`took` needs `atLeast` or `atMost`');
    for (const bound of ['atLeast', 'atMost'] as const) {
      const given = expectation[bound];
      if (given !== undefined) this.duration(String(given), at.child(bound));
    }
  }

  objects(objects: readonly unknown[] | undefined, at: Path, isRefused = false): void {
    objects?.forEach((object, index) => {
      const place = at.index(index);
      if (!isRecord(object)) this.say(place, 'FieldValueInvalid', 'must be an object');
      else if (typeof object['apiVersion'] !== 'string' || typeof object['kind'] !== 'string')
        this.say(place, 'FieldValueRequired', 'needs `apiVersion` and `kind`');
      else if (!isRefused) this.found.push(...problemsOf(this.judge, object, place));
    });
  }

  /** The fields of a Fault or Load beside its name, judged as that kind. */
  private spec(kind: 'Fault' | 'Load', given: { readonly name: string } | undefined, at: Path, isRefused: boolean): void {
    if (given === undefined || isRefused) return;
    const { name, ...spec } = given;
    for (const problem of this.judge.judge({ apiVersion: 'kubepad.dev/v1', kind, metadata: { name }, spec })) {
      const steps = problem.path.segments();
      let path = at;
      for (const { segment, style } of steps.slice(1))
        path = style === 'index' ? path.index(Number(segment)) : style === 'key' ? path.key(String(segment)) : path.child(String(segment));
      this.found.push({ ...problem, path: steps[0]?.segment === 'metadata' ? at.child('name') : path });
    }
  }

  private fields(fields: Readonly<Record<string, unknown>> | undefined, at: Path): void {
    for (const [text, wanted] of Object.entries(fields ?? {})) {
      const parsed = parseFieldPath(text);
      if ('error' in parsed) this.say(at.child(text), 'FieldValueInvalid', parsed.error);
      if (!isRecord(wanted)) continue;
      for (const name of Object.keys(wanted))
        if (!CONDITIONS.includes(name))
          this.say(at.child(text, name), 'FieldValueNotSupported', `is none of ${CONDITIONS.map((each) => `\`${each}\``).join(', ')}`);
      if (typeof wanted['matches'] === 'string') this.pattern(wanted['matches'], at.child(text, 'matches'));
    }
  }

  private name(text: string | undefined, at: Path): void {
    if (text === undefined) return;
    const parsed = parseName(text);
    if (parsed === undefined) this.say(at, 'FieldValueInvalid', 'must name a resource and an object (e.g. deployment/web)');
    else if (findResourceOf(parsed.resource) === undefined && !parsed.resource.includes('.'))
      this.say(at, 'FieldValueInvalid', `the server doesn't have a resource type "${parsed.resource}"`);
  }

  private pattern(text: string | undefined, at: Path): void {
    const compiled = text === undefined ? undefined : compileGoRegexp(text);
    if (compiled !== undefined && 'error' in compiled) this.say(at, 'FieldValueInvalid', compiled.error);
  }

  private duration(text: string, at: Path): void {
    if (!((parseDuration(text) ?? 0) > 0)) this.say(at, 'FieldValueInvalid', DURATION_TEXT);
  }
}

/** `pod/web-*` is a name where any of them will do. */
function withoutWildcards(text: string | undefined): string | undefined {
  return typeof text === 'string' ? text.replaceAll('*', 'x') : text;
}
