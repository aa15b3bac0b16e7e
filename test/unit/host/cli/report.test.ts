import assert from 'node:assert/strict';
import { FORMATS, type Finding } from '../../../../src/host/cli/report.ts';

/**
 * The part of the schema of SARIF 2.1.0 that reports of findings can touch: of each object what it must have, and what
 * each property has to be. A property that is not named here is refused, as the schema refuses it.
 */
interface Shape {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, (value: unknown, at: string) => void>>;
}

const fail = (at: string, what: string): never => assert.fail(`${at}: ${what}`);
const text = (value: unknown, at: string): void => assert.equal(typeof value, 'string', at);
const positive = (value: unknown, at: string): void => assert.ok(Number.isInteger(value) && Number(value) >= 1, `${at}: ${String(value)}`);
const natural = (value: unknown, at: string): void => assert.ok(Number.isInteger(value) && Number(value) >= -1, `${at}: ${String(value)}`);
const oneOf =
  (...values: readonly string[]) =>
  (value: unknown, at: string): void =>
    assert.ok(values.includes(String(value)), `${at}: ${String(value)}`);
/** RFC 3986: no blanks, no characters beyond ASCII, a percent sign only before two digits. */
const uriReference = (value: unknown, at: string): void =>
  assert.match(String(value), /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[\dA-Fa-f]{2})*$/, at);
const list =
  (item: (value: unknown, at: string) => void, unique = false) =>
  (value: unknown, at: string): void => {
    if (!Array.isArray(value)) return fail(at, 'is no list');
    value.forEach((each, index) => item(each, `${at}[${index}]`));
    if (unique) assert.equal(new Set(value.map((each) => JSON.stringify(each))).size, value.length, `${at} repeats an item`);
  };
const object =
  ({ required, properties }: Shape) =>
  (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return fail(at, 'is no object');
    for (const name of required) assert.ok(name in value, `${at}.${name} is missing`);
    for (const [name, inner] of Object.entries(value)) (properties[name] ?? fail(`${at}.${name}`, 'is unknown'))(inner, `${at}.${name}`);
  };

const message = object({ required: ['text'], properties: { text } });
const region = object({ required: [], properties: { startLine: positive, startColumn: positive, endLine: positive, endColumn: positive } });
const artifactLocation = object({ required: [], properties: { uri: uriReference } });
const physicalLocation = object({ required: ['artifactLocation'], properties: { artifactLocation, region } });
const location = object({ required: [], properties: { id: natural, physicalLocation, message } });
const result = object({
  required: ['message'],
  properties: {
    ruleId: text,
    level: oneOf('none', 'note', 'warning', 'error'),
    message,
    locations: list(location),
    relatedLocations: list(location, true),
  },
});
const driver = object({
  required: ['name'],
  properties: { name: text, rules: list(object({ required: ['id'], properties: { id: text } }), true) },
});
const run = object({
  required: ['tool'],
  properties: {
    tool: object({ required: ['driver'], properties: { driver } }),
    columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
    results: list(result),
  },
});
const log = object({ required: ['version', 'runs'], properties: { $schema: uriReference, version: oneOf('2.1.0'), runs: list(run) } });

const range = { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } };
const finding = (file: string, rest: Partial<Finding['diagnostic']> = {}): Finding => ({
  file,
  diagnostic: { range, severity: 'error', message: 'is wrong', code: 'FieldValueInvalid', path: 'spec.a', fixes: [], ...rest },
});

describe('the reports of validate', () => {
  const findings: readonly Finding[] = [
    finding('a b/ü#1.yaml'),
    finding('/abs/a.yaml', { severity: 'hint', code: 'latest-tag' }),
    finding('C:\\x\\a.yaml', { severity: 'warning' }),
    finding('a.yaml', { severity: 'information', related: [{ uri: 'b c.yaml', range, message: 'there' }] }),
  ];
  const sarif = JSON.parse(FORMATS.sarif(findings)) as { readonly runs: readonly [{ readonly results: readonly unknown[] }] };

  it('SARIF has the form that its schema asks for', () => log(sarif, 'log'));
  it('SARIF has it without findings, too', () => log(JSON.parse(FORMATS.sarif([])), 'log'));
  it('SARIF names files by references that anyone can resolve', () => {
    const uris = sarif.runs[0].results.map((each) => /"uri":"([^"]*)"/.exec(JSON.stringify(each))?.[1]);
    assert.deepEqual(uris, ['a%20b/%C3%BC%231.yaml', 'file:///abs/a.yaml', 'file:///C:/x/a.yaml', 'a.yaml']);
  });
  it('JUnit has no character that XML cannot hold', () => {
    const odd = finding('a.yaml');
    const report = FORMATS.junit(
      [{ ...odd, diagnostic: { ...odd.diagnostic, message: 'a\u0000\u001b[31m \ud83d<\u{1f6a2}>' } }],
      ['a.yaml'],
    );
    assert.match(report, /a\uFFFD\uFFFD\[31m \uFFFD&lt;\u{1f6a2}&gt;/u);
  });
  it('the text has the form that the problem matcher of the editor reads', () => {
    const [line] = FORMATS.text([finding('a b/c.yaml')], ['a b/c.yaml']).split('\n');
    assert.equal(line, 'a b/c.yaml:3:5: error: spec.a: is wrong');
  });
  it('the check of the form refuses what the schema refuses', () => {
    assert.throws(() => log({ version: '2.1.0' }, 'log'), /runs is missing/);
    assert.throws(() => region({ startLine: 0 }, 'region'), /startLine/);
    assert.throws(() => artifactLocation({ uri: 'a b' }, 'place'), /uri/);
    assert.throws(() => result({ message: { text: '' }, severity: 'x' }, 'result'), /severity: is unknown/);
  });
});
