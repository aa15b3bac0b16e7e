import assert from 'node:assert/strict';
import { matchesFields, parseFieldSelector, requiredValue } from '../../../src/apimachinery/fields/selector.ts';
import { errorText } from '../../../src/apimachinery/field/error.ts';
import { Path } from '../../../src/apimachinery/field/path.ts';
import { parseSelector } from '../../../src/apimachinery/labels/parse.ts';
import { formatLabelSelector, formatSelector, fromLabelSelector, matches } from '../../../src/apimachinery/labels/selector.ts';
import { validateLabelSelector } from '../../../src/apimachinery/labels/validation.ts';

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', size: '5' };
  const cases: readonly (readonly [string, boolean])[] = [
    ['', true],
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (web, api),!legacy', true],
    ['app notin (web)', false],
    ['missing notin (x)', true],
    ['tier', true],
    ['!tier', false],
    ['size>4', true],
    ['size<5', false],
    ['app=', false],
  ];
  for (const [text, expected] of cases) {
    it(`'${text}' ${expected ? 'matches' : 'does not match'}`, () => {
      const parsed = parseSelector(text);
      assert.ok('selector' in parsed, 'error' in parsed ? parsed.error : '');
      assert.equal(matches(parsed.selector, labels), expected);
    });
  }

  const wrong: readonly (readonly [string, string])[] = [
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,b=c=d', "found '=', expected: ',' or 'end of string'"],
  ];
  for (const [text, error] of wrong) it(`refuses '${text}'`, () => assert.deepEqual(parseSelector(text), { error }));

  it('prints sorted by key', () => {
    const selector = fromLabelSelector({
      matchLabels: { tier: 'a', app: 'b' },
      matchExpressions: [{ key: 'c', operator: 'In', values: ['y', 'x'] }],
    });
    assert.equal(formatSelector(selector), 'app=b,c in (x,y),tier=a');
    assert.equal(formatLabelSelector(undefined), '<none>');
  });

  it('matches nothing without a selector and everything with an empty one', () => {
    assert.equal(matches(fromLabelSelector(undefined), labels), false);
    assert.equal(matches(fromLabelSelector({}), labels), true);
  });

  it('validates as the API server does', () => {
    const errors = validateLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }, Path.of('spec', 'selector'));
    assert.deepEqual(errors.map(errorText), [
      'spec.selector.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator',
    ]);
  });
});

describe('field selectors', () => {
  const pod = { metadata: { name: 'a' }, spec: { nodeName: 'n1', hostNetwork: true } };
  const fields = ['metadata.name', 'spec.nodeName', 'spec.hostNetwork'];

  it('compares fields as text', () => {
    const parsed = parseFieldSelector('metadata.name=a,spec.nodeName!=n2,spec.hostNetwork=true', fields);
    assert.ok('selector' in parsed);
    assert.equal(matchesFields(parsed.selector, pod), true);
    assert.equal(requiredValue(parsed.selector, 'metadata.name'), 'a');
  });

  it('reads escapes', () => {
    const parsed = parseFieldSelector('metadata.name=a\\,b\\=c', fields);
    assert.deepEqual(parsed, { selector: [{ field: 'metadata.name', operator: '=', value: 'a,b=c' }] });
  });

  it('refuses unknown fields and broken texts', () => {
    assert.deepEqual(parseFieldSelector('spec.foo=1', fields), { error: 'field label not supported: spec.foo' });
    assert.deepEqual(parseFieldSelector('abc', fields), { error: "invalid selector: 'abc'; can't understand 'abc'" });
  });
});
