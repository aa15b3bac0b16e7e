import assert from 'node:assert/strict';
import { INGRESSCLASS_STRATEGY } from '../../../../src/api/networking/ingressclass/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const PARAMETERS = { apiGroup: 'a.b', kind: 'K', name: 'n' };

describe('IngressClass', () => {
  it('has cluster-wide parameters unless told otherwise', () => {
    const { object, errors } = judgeCreate(INGRESSCLASS_STRATEGY, { spec: { controller: 'a.b/c', parameters: PARAMETERS } });
    assert.deepEqual([errors, object.spec?.parameters?.scope], [[], 'Cluster']);
    assert.deepEqual(INGRESSCLASS_STRATEGY.table?.cells(object, 0).slice(0, 3), ['x', 'a.b/c', 'K.a.b/n']);
  });
  it('judges the scope of its parameters', () => {
    const judge = (parameters: object): readonly string[] =>
      judgeCreate(INGRESSCLASS_STRATEGY, { spec: { controller: 'a.b/c', parameters: { ...PARAMETERS, ...parameters } } }).errors;
    assert.deepEqual(judge({ scope: 'Namespace' }), [
      "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
    ]);
    assert.deepEqual(judge({ namespace: 'a' }), ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"]);
    assert.deepEqual(judge({ scope: 'x' }), ['spec.parameters.scope: Unsupported value: "x": supported values: "Cluster", "Namespace"']);
  });
  it('has a controller of limited length that never changes', () => {
    const long = `a.b/${'c'.repeat(250)}`;
    assert.deepEqual(judgeCreate(INGRESSCLASS_STRATEGY, { spec: { controller: long } }).errors, [
      'spec.controller: Too long: may not be more than 250 bytes',
    ]);
    const { errors } = judgeUpdate(INGRESSCLASS_STRATEGY, { spec: { controller: 'a.b/c' } }, { 'spec/controller': 'a.b/d' });
    assert.deepEqual(errors, ['spec.controller: Invalid value: "a.b/d": field is immutable']);
  });
});
