import assert from 'node:assert/strict';
import { configMap, Wire } from '../support.ts';

const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';

describe('the options of a DELETE', () => {
  const rows: readonly (readonly [query: string, body: string | undefined, type: string, code: number, message: string | undefined])[] = [
    ['', undefined, '', 200, undefined],
    ['', '{}', 'application/json', 200, undefined],
    ['', 'propagationPolicy: Background', 'application/yaml', 200, undefined],
    ['', '{"apiVersion":"apps/v1","kind":"DeleteOptions","gracePeriodSeconds":0}', 'application/json', 200, undefined],
    ['?gracePeriodSeconds=-1', '{"kind":"DeleteOptions"}', '', 200, undefined],
    ['?gracePeriodSeconds=soon', undefined, '', 400, 'strconv.ParseInt: parsing "soon": invalid syntax'],
    ['', '{', '', 400, "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    [
      '',
      '{"gracePeriodSeconds":"5"}',
      '',
      400,
      'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
    ['', '{"kind":"Pod"}', '', 400, 'no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"'],
    ['', 'a: [', 'application/yaml', 400, 'yaml: line 1: did not find expected node content'],
    ['?orphanDependents=yes&propagationPolicy=Orphan', undefined, '', 422, undefined],
  ];
  for (const [query, body, type, code, message] of rows)
    it(JSON.stringify([query, body ?? '']), () => {
      const wire = new Wire();
      wire.call('POST', CONFIGMAPS, configMap('a'));
      const got = wire.call('DELETE', `${CONFIGMAPS}/a${query}`, body, type === '' ? {} : { 'content-type': type });
      assert.equal(got.code, code, JSON.stringify(got.body));
      if (message !== undefined) assert.equal(got.body.message, message);
    });
});
