import assert from 'node:assert/strict';
import { configMap, Wire, type Parsed } from '../support.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';
const ON_MAPS = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['configmaps'] }],
};

describe('admission policies', () => {
  let wire: Wire;
  beforeEach(() => {
    wire = new Wire();
  });

  function make(plural: string, name: string, spec: object): void {
    const made = wire.call('POST', `${GROUP}/${plural}`, { metadata: { name }, spec });
    assert.equal(made.code, 201, JSON.stringify(made.body.message));
  }

  function validating(spec: object, binding: object = {}): void {
    make('validatingadmissionpolicies', 'p', { matchConstraints: ON_MAPS, ...spec });
    make('validatingadmissionpolicybindings', 'b', { policyName: 'p', validationActions: ['Deny'], ...binding });
  }

  function mutating(expression: object, spec: object = {}): void {
    const rule = { ...ON_MAPS.resourceRules[0], operations: ['CREATE'] };
    make('mutatingadmissionpolicies', 'p', {
      matchConstraints: { resourceRules: [rule] },
      reinvocationPolicy: 'Never',
      mutations: [expression],
      ...spec,
    });
    make('mutatingadmissionpolicybindings', 'b', { policyName: 'p' });
  }

  const create = (name: string, more: object = {}): { readonly code: number; readonly body: Parsed } =>
    wire.call('POST', MAPS, { ...configMap(name), ...more });
  const denial = (text: string): string =>
    `configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${text}`;

  it('refuse what breaks a rule, with the reason and the text of the rule', () => {
    validating({
      validations: [{ expression: "object.data.x != '1'", messageExpression: "'x is ' + object.data.x", reason: 'Forbidden' }],
    });
    const { code, body } = create('a');
    assert.deepEqual([code, body.reason, body.message], [403, 'Forbidden', denial('x is 1')]);
    assert.equal(create('b', { data: { x: '2' } }).code, 201);
  });

  it('name the expression where no message is given', () => {
    validating({ validations: [{ expression: 'false' }] });
    assert.deepEqual([create('a').code, create('a').body.message], [422, denial('failed expression: false')]);
  });

  it('do nothing without a binding, or where they do not match', () => {
    make('validatingadmissionpolicies', 'p', { matchConstraints: ON_MAPS, validations: [{ expression: 'false' }] });
    assert.equal(create('a').code, 201);
    const selector = { namespaceSelector: { matchLabels: { env: 'prod' } } };
    make('validatingadmissionpolicybindings', 'b', { policyName: 'p', validationActions: ['Deny'], matchResources: selector });
    assert.equal(create('c').code, 201);
  });

  it('warn', () => {
    validating({ validations: [{ expression: 'false', message: 'm' }] }, { validationActions: ['Warn'] });
    const { code, answer } = wire.call('POST', MAPS, configMap('a'));
    assert.deepEqual([code, answer.warnings], [201, ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': m"]]);
  });

  it('have conditions, variables and the authorizer', () => {
    validating({
      matchConditions: [{ name: 'not-b', expression: "object.metadata.name != 'b'" }],
      variables: [
        { name: 'n', expression: 'object.data.size()' },
        { name: 'twice', expression: 'variables.n * 2' },
      ],
      validations: [
        { expression: 'variables.twice < 2', messageExpression: "'has ' + string(variables.twice)" },
        { expression: "authorizer.group('').resource('secrets').check('list').allowed()" },
      ],
    });
    assert.equal(create('a').body.message, denial('has 2'));
    assert.equal(create('b').code, 201);
  });

  it('are run with parameters, or refuse for want of them', () => {
    wire.call('POST', MAPS, configMap('limits'));
    validating(
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        validations: [{ expression: 'params.data.x == object.data.x', message: 'differs' }],
      },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    );
    assert.equal(create('a').code, 201);
    assert.equal(create('b', { data: { x: '2' } }).body.message, denial('differs').replace('"a"', '"b"'));
    // The parameters go: the policy looks at their deletion, too.
    assert.equal(
      wire.call('DELETE', `${MAPS}/limits`).body.message,
      "configmaps \"limits\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression 'params.data.x == object.data.x' resulted in error: no such key: data",
    );
  });

  it('count errors as failures, unless they are ignored', () => {
    validating({ validations: [{ expression: "object.data.nope == ''" }] });
    assert.equal(create('a').body.message, denial("expression 'object.data.nope == ''' resulted in error: no such key: nope"));
    const policy = wire.call('GET', `${GROUP}/validatingadmissionpolicies/p`).body;
    wire.call('PUT', `${GROUP}/validatingadmissionpolicies/p`, { ...policy, spec: { ...policy.spec, failurePolicy: 'Ignore' } });
    assert.equal(create('a').code, 201);
  });

  it('tell in their status what does not fit the types', () => {
    validating({ validations: [{ expression: 'object.datum.size() > 0' }] });
    wire.advance(1000);
    const { status } = wire.call('GET', `${GROUP}/validatingadmissionpolicies/p`).body;
    assert.equal(status.observedGeneration, 1);
    const [{ fieldRef, warning }] = status.typeChecking.expressionWarnings;
    assert.equal(fieldRef, 'spec.validations[0].expression');
    assert(warning.startsWith("/v1, Kind=ConfigMap: ERROR: <input>:1:7: undefined field 'datum'"), warning);
  });

  it('lay objects over those of requests', () => {
    mutating({
      patchType: 'ApplyConfiguration',
      applyConfiguration: { expression: "Object{metadata: Object.metadata{labels: {'a': object.metadata.name}}}" },
    });
    assert.deepEqual(create('a', { metadata: { name: 'a', labels: { b: 'c' } } }).body.metadata.labels, { a: 'a', b: 'c' });
  });

  it('patch', () => {
    mutating({
      patchType: 'JSONPatch',
      jsonPatch: {
        expression:
          "[JSONPatch{op: 'test', path: '/data/x', value: '1'}, JSONPatch{op: 'add', path: '/metadata/annotations/' + jsonpatch.escapeKey('y/z'), value: 'new'}]",
      },
    });
    const annotations = { a: 'b' };
    const made = create('a', { metadata: { name: 'a', annotations } });
    assert.equal(made.code, 201, made.body.message);
    assert.deepEqual(made.body.metadata.annotations, { a: 'b', 'y/z': 'new' });
    const other = create('b', { metadata: { name: 'b', annotations }, data: { x: '2' } });
    assert.deepEqual(other.body.metadata.annotations, annotations);
  });

  it('refuse objects that are named wrongly, and atomic parts', () => {
    mutating({ patchType: 'ApplyConfiguration', applyConfiguration: { expression: "Object{metadata: Object.spec{labels: {'a': 'b'}}}" } });
    const { code, body } = create('a');
    assert.equal(code, 403);
    assert(
      body.message.startsWith("policy 'p' with binding 'b' denied request: type mismatch: unexpected type name \"Object.spec\""),
      body.message,
    );
  });

  it('never look at policies', () => {
    make('validatingadmissionpolicies', 'all', {
      matchConstraints: { resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] },
      validations: [{ expression: 'false' }],
    });
    make('validatingadmissionpolicybindings', 'all', { policyName: 'all', validationActions: ['Deny'] });
    assert.equal(create('a').code, 422);
    assert.equal(wire.call('DELETE', `${GROUP}/validatingadmissionpolicybindings/all`).code, 200);
    assert.equal(create('a').code, 201);
  });
});
