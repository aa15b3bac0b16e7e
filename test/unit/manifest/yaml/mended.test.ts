import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { Documents } from '../../../../src/manifest/documents.ts';
import type { Diagnostic } from '../../../../src/manifest/model.ts';
import { loadCorpus } from '../../../corpus/api/corpus.ts';
import { applyPatch } from '../../../corpus/api/json.ts';
import { acceptedObjects, randomOf } from '../../../fuzz/editor.ts';
import { checkDiagnostics, judge } from '../check.ts';

type Random = (below: number) => number;

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  return documents.diagnostics('file:///a.yaml')?.diagnostics ?? [];
}

const MARKS = [`"`, `'`, '[', '{', '}', ']', ': ', '%', '\t', '@', '&', '*', '|', '- ', '#', ' ', 'repl', ','];

/** A mistake of typing in a line. */
function mistyped(line: string, random: Random): string {
  const at = random(line.length + 1);
  const ways = [
    () => line.slice(0, at) + (MARKS[random(MARKS.length)] ?? '') + line.slice(at),
    () => line.slice(0, at) + line.slice(at + 1),
    () => line.slice(0, at),
    () => `${line}\n${' '.repeat(random(8))}repl`,
    () => ` ${line}`,
    () => line.replace(/^ /, ''),
    () => line.replace(':', ''),
    () => line.replace(/:.*/, ': "half typed'),
    () => line.replace(/:.*/, ': [half, typed'),
    () => line.replace(/:.*/, ': {half: typed'),
  ];
  return ways[random(ways.length)]?.() ?? line;
}

describe('documents with mistakes of syntax', () => {
  it('have findings besides them only where those are so anyway', () => {
    checkDiagnostics(`
apiVersion: apps/v1
kind: Deployment
metadata:
  name: Web
#       ^^^ FieldValueInvalid: metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
spec:
  replcas: 3
# ^^^^^^^ UnknownField: unknown field "spec.replcas"
  selector:
    matchLabels: { app: web }
  templ
# ^^^^^ Syntax: could not find expected ':': a key is followed by a colon
status:
  phase: x
# ^^^^^ UnknownField: unknown field "status.phase"
`);
  });

  it('have no other findings for what the API server accepts', () => {
    const wrong: string[] = [];
    let broken = 0;
    for (const [index, [id, object]] of acceptedObjects().entries()) {
      if (index % 6 > 0) continue;
      const text = stringify(object);
      // Some texts, such as `y`, are written by this library as older YAML reads them: as something else.
      if (diagnosticsOf(text).length > 0) continue;
      const lines = text.split('\n');
      const random = randomOf(index);
      const at = random(lines.length - 1);
      const line = mistyped(lines[at] ?? '', random);
      const found = diagnosticsOf(lines.with(at, line).join('\n'));
      if (!found.some(({ code }) => code === 'Syntax')) continue;
      broken++;
      for (const { code, message } of found) if (code !== 'Syntax') wrong.push(`${id}: line ${at} ${JSON.stringify(line)}: ${message}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(broken > 100, `only ${broken} broken texts`);
  }).timeout(60_000);

  it('keep what is wrong before and after them', () => {
    const { bases, creates } = loadCorpus();
    const counts = new Map(['UnknownField', 'Decode'].map((code) => [code, { asked: 0, kept: 0 }]));
    for (const [index, { base, patch, raw, contentType, expect }] of creates.entries()) {
      const manifest = bases.get(base)?.manifest;
      if (index % 10 > 0 || manifest === undefined || raw !== undefined || contentType !== undefined || expect.code < 400) continue;
      const text = stringify(applyPatch(manifest, patch ?? []));
      if (text.length > 20_000) continue;
      const lines = text.split('\n');
      const at = randomOf(index)(lines.length - 1);
      const indent = /^ */.exec(lines[at] ?? '')?.[0] ?? '';
      const found = diagnosticsOf(lines.toSpliced(at, 0, `${indent}repl`).join('\n'));
      if (!found.some(({ code }) => code === 'Syntax')) continue;
      for (const { code, message, range } of diagnosticsOf(text)) {
        const count = counts.get(code);
        if (count === undefined || Math.abs(range.start.line - at) < 4) continue;
        count.asked++;
        if (found.some((each) => each.message === message)) count.kept++;
      }
    }
    for (const [code, { asked, kept }] of counts) assert.ok(asked > 10 && kept / asked > 0.9, `${code}: ${kept} of ${asked}`);
  }).timeout(60_000);

  it('are not read again where that takes long', () => {
    const codesOf = (keys: number): readonly string[] => {
      const data = Array.from({ length: keys }, (_key, index) => `  key${index}: "value ${index}"`);
      const lines = ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  name: Big', 'data:', ...data, '  half'];
      return diagnosticsOf(lines.join('\n')).map(({ code }) => code);
    };
    assert.deepEqual(codesOf(100), ['Syntax', 'FieldValueInvalid']);
    assert.deepEqual(codesOf(6000), ['Syntax']);
  });
});
