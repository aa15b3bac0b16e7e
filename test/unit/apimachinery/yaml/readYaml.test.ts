import assert from 'node:assert/strict';
import { readYaml } from '../../../../src/apimachinery/yaml/readYaml.ts';

/** The JSON text, or the error. */
function read(text: string): string {
  const result = readYaml(text);
  return 'error' in result ? result.error : result.json;
}

describe('readYaml', () => {
  const values: readonly (readonly [yaml: string, json: string])[] = [
    ['a: 0644', '{"a":420}'],
    ['a: [0o17, 0O17, 0x1F, 0X1f, 0b101, 1_000, 08, +1, -0]', '{"a":[15,15,31,31,5,1000,8,1,0]}'],
    ['a: [1e3, 30.0, .5, 5., 1e-7, 1e21, 1e400]', '{"a":[1000,30,0.5,5,1e-7,1e+21,"1e400"]}'],
    ['a: [9223372036854775807, 18446744073709551615]', '{"a":[9223372036854775807,18446744073709551615]}'],
    ['a: 18446744073709551616', '{"a":18446744073709552000}'],
    ['a: [y, Yes, on, True, n, No, OFF, tRue]', '{"a":[true,true,true,true,false,false,false,"tRue"]}'],
    ['a: [~, null, Null, 1:30, 2024-01-01]', '{"a":[null,null,null,"1:30","2024-01-01"]}'],
    ['z: 1\na: 2\nB: 3', '{"B":3,"a":2,"z":1}'],
    ['1: a\ntrue: b\n1.5: c', '{"1":"a","1.5":"c","true":"b"}'],
    ['a: !!binary aGVsbG8=\nb: !!str 5\nc: !own d', '{"a":"hello","b":"5","c":"d"}'],
    ['a: &x {b: 1}\nc: {<<: *x, d: <&>}', String.raw`{"a":{"b":1},"c":{"b":1,"d":"\u003c\u0026\u003e"}}`],
    ['\ufeffa: b', '{"a":"b"}'],
    ['a: b\n---\nc: [', '{"a":"b"}'],
    ['{"b": [1, {"d": "<", "c": null}], "a": "yes"}', String.raw`{"a":"yes","b":[1,{"c":null,"d":"\u003c"}]}`],
    ['{"a": 1e3, "b": 2.0}', '{"a":1000,"b":2}'],
    ['{"a": 1} # and that is YAML', '{"a":1}'],
    ['# nothing', 'null'],
    ['', 'null'],
  ];
  for (const [yaml, json] of values) it(`reads ${JSON.stringify(yaml)}`, () => assert.equal(read(yaml), json));

  const errors: readonly (readonly [yaml: string, error: string])[] = [
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['x: y\na: b: c', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a:\n  b: 1\n   c: 2\n', 'yaml: line 3: mapping values are not allowed in this context'],
    ['x:\n\t- 1', 'yaml: line 2: found character that cannot start any token'],
    ['a: b\n\tc: d', 'yaml: line 2: found a tab character that violates indentation'],
    ['a: |\n\tx', 'yaml: line 2: found a tab character where an indentation space is expected'],
    ['x: 1\na: @b', 'yaml: line 2: found character that cannot start any token'],
    ['x: 1\nfoo bar\ny: 2\n', "yaml: line 3: could not find expected ':'"],
    ['x: 1\nfoo bar', "yaml: line 3: could not find expected ':'"],
    ['x: 1\na: "b\n', 'yaml: line 3: found unexpected end of stream'],
    ['x: 1\na: [1, 2\n', "yaml: line 2: did not find expected ',' or ']'"],
    ['x: 1\na: {b: 1\nc: d\n', "yaml: line 2: did not find expected ',' or '}'"],
    ['x: 1\na: [1,,2]', 'yaml: line 1: did not find expected node content'],
    ['x: 1\na: ]', 'yaml: line 1: did not find expected node content'],
    ['x: 1\na: {b: c}}\n', 'yaml: line 1: did not find expected key'],
    ['x:\n  a: 1\n b: 2\n', 'yaml: line 2: did not find expected key'],
    ['x: 1\na: "b" c\n', 'yaml: line 1: did not find expected key'],
    ['a: b\n- c', 'yaml: line 1: did not find expected key'],
    ['x:\n  - a\n  b: c\n', "yaml: line 2: did not find expected '-' indicator"],
    ['x:\n  - a: 1\n   b: 2\n', "yaml: line 2: did not find expected '-' indicator"],
    ['x: 1\na: - b', 'yaml: line 2: block sequence entries are not allowed in this context'],
    ['a: *b', "yaml: unknown anchor 'b' referenced"],
    ['a: &b [*b]', "yaml: anchor 'b' value contains itself"],
    ['<<: x', 'yaml: map merge requires map or sequence of maps as the value'],
    ['a: {{ .b }}', 'yaml: invalid map key: map[interface {}]interface {}{".b":interface {}(nil)}'],
    ['? [a]\n: b', 'yaml: invalid map key: []interface {}{"a"}'],
    ['~: a', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "a"'],
    ['a: -.inf', 'json: unsupported value: -Inf'],
    ['a: \u0001', 'yaml: control characters are not allowed'],
    ['a: !!binary "%"', 'yaml: !!binary value contains invalid base64 data'],
  ];
  for (const [yaml, error] of errors) it(`refuses ${JSON.stringify(yaml)}`, () => assert.equal(read(yaml), error));

  it('notes keys that stand twice', () => {
    const result = readYaml('a: 1\nb:\n  c: 1\n  c: 2\na: 3');
    assert.ok('json' in result);
    assert.equal(result.json, '{"a":3,"b":{"c":2}}');
    assert.deepEqual(result.strictErrors, [
      'yaml: unmarshal errors:\n  line 4: key "c" already set in map\n  line 5: key "a" already set in map',
    ]);
  });
});
