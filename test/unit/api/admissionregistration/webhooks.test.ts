import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { MUTATINGWEBHOOKCONFIGURATION_STRATEGY } from '../../../../src/api/admissionregistration/mutatingwebhookconfiguration/strategy.ts';
import { VALIDATINGWEBHOOKCONFIGURATION_STRATEGY as STRATEGY } from '../../../../src/api/admissionregistration/validatingwebhookconfiguration/strategy.ts';
import { validateWebhooks, type WebhookConfiguration } from '../../../../src/api/admissionregistration/webhooks.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const HOOK = {
  name: 'a.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://hooks.example.com/x' },
};

function errorsOf(hook: object): readonly string[] {
  return judgeCreate(STRATEGY, { webhooks: [{ ...HOOK, ...hook }] }).errors;
}

function rule(changes: object): object {
  return { rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], ...changes }] };
}

function compilation(expression: string, message: string, column: number): string {
  return `compilation failed: ERROR: <input>:1:${column}: ${message}\n | ${expression}\n | ${'.'.repeat(column - 1)}^`;
}

function undefinedField(expression: string, field: string, column: number): string {
  return compilation(expression, `undefined field '${field}'`, column);
}

describe('webhook configurations', () => {
  it('complete their webhooks', () => {
    const hook = { ...HOOK, ...rule({}), clientConfig: { service: { name: 's', namespace: 'n' } } };
    const defaults = {
      clientConfig: { service: { name: 's', namespace: 'n', port: 443 } },
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...rule({ scope: '*' }),
    };
    assert.deepEqual(judgeCreate(STRATEGY, { webhooks: [hook] }).object.webhooks, [{ ...HOOK, ...defaults }]);
    assert.deepEqual(judgeCreate(MUTATINGWEBHOOKCONFIGURATION_STRATEGY, { webhooks: [hook] }).object.webhooks, [
      { ...HOOK, ...defaults, reinvocationPolicy: 'Never' },
    ]);
  });

  const form = '; desired format: https://host[/path]';
  const hooks: readonly (readonly [hook: object, errors: readonly string[]])[] = [
    [{ name: 'a.b' }, ['name: Invalid value: "a.b": should be a domain with at least three segments separated by dots']],
    [{ failurePolicy: 'X' }, ['failurePolicy: Unsupported value: "X": supported values: "Fail", "Ignore"']],
    [{ sideEffects: 'Some' }, ['sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"']],
    [{ timeoutSeconds: 31 }, ['timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds']],
    [{ admissionReviewVersions: ['v2'] }, ['admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1']],
    [{ admissionReviewVersions: ['v1', 'v1'] }, ['admissionReviewVersions[1]: Invalid value: "v1": duplicate version']],
    [
      { clientConfig: { url: 'http://u:p@h/?q#f' } },
      [
        `clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme${form}`,
        `clientConfig.url: Invalid value: "u:p": user information is not permitted in URLs${form}`,
        `clientConfig.url: Invalid value: "f": fragments are not permitted in URLs${form}`,
        `clientConfig.url: Invalid value: "q": query parameters are not permitted in URLs${form}`,
      ],
    ],
    [
      { clientConfig: { service: { name: 's', port: 70000, path: 'x/' } } },
      [
        // The server mixes up name and namespace.
        'clientConfig.service.name: Required value',
        'clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive',
        `clientConfig.service.path: Invalid value: "x/": must start with a '/'`,
        'clientConfig.service.path: Invalid value: "x/": segment[0] may not be empty',
      ],
    ],
    [
      rule({ operations: ['*', 'CREATE'] }),
      [`rules[0].operations: Invalid value: ["*","CREATE"]: if '*' is present, must not specify other operations`],
    ],
    [rule({ apiVersions: [''] }), ['rules[0].apiVersions[0]: Required value']],
    [
      rule({ resources: ['pods/*', 'pods/log', '*/scale', 'x/scale'] }),
      [
        `rules[0].resources[1]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
        `rules[0].resources[3]: Invalid value: "x/scale": if '*/scale' is present, must not specify x/scale`,
      ],
    ],
    [
      rule({ resources: ['*', 'pods'] }),
      [`rules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`],
    ],
    [
      {
        matchConditions: [
          { name: 'a', expression: ' ' },
          { name: 'a', expression: 'true' },
        ],
      },
      ['matchConditions[0].expression: Required value', 'matchConditions[1].name: Duplicate value: "a"'],
    ],
    [
      { matchConditions: Array.from({ length: 65 }, (_, index) => ({ name: `n${index}`, expression: 'true' })) },
      ['matchConditions: Too many: 65: must have at most 64 items'],
    ],
  ];
  for (const [hook, errors] of hooks) {
    it(`judge ${JSON.stringify(hook).slice(0, 80)}`, () => {
      assert.deepEqual(
        errorsOf(hook),
        errors.map((text) => `webhooks[0].${text}`),
      );
    });
  }

  it('do not share names', () => {
    assert.deepEqual(judgeCreate(STRATEGY, { webhooks: [HOOK, HOOK] }).errors, ['webhooks[1].name: Duplicate value: "a.example.com"']);
  });

  it('compile expressions that are new', () => {
    const configuration = (expression: string) =>
      ({ webhooks: [{ ...HOOK, matchConditions: [{ name: 'n', expression }] }] }) as unknown as WebhookConfiguration;
    const check = (old?: WebhookConfiguration) => validateWebhooks(configuration(' 1 '), old).map(errorText);
    assert.deepEqual(check(), ['webhooks[0].matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int']);
    assert.deepEqual(check(configuration('true')), check());
    assert.deepEqual(check(configuration(' 1 ')), []);
  });

  const expressions: readonly (readonly [expression: string, problem: string])[] = [
    ["request.userInfo.groups.exists(g, g == 'x') && !request.dryRun && request.options.y == 1", ''],
    ["namespaceObject.metadata.labels['a'] == object.b && oldObject == null", ''],
    ["authorizer.group('').resource('pods').subresource('log').namespace('n').name('p').check('get').allowed()", ''],
    ["authorizer.serviceAccount('n', 's').path('/x').check('get').reason() == ''", ''],
    ["authorizer.requestResource.fieldSelector('a=b').check('list').errored()", ''],
    ['object.spec.enabled', 'must evaluate to bool but got dyn'],
    ['request.kind', 'must evaluate to bool but got kubernetes.GroupVersionKind'],
    ['request.nope', undefinedField('request.nope', 'nope', 8)],
    ['params.x == 1', compilation('params.x == 1', "undeclared reference to 'params' (in container '')", 1)],
    [
      "authorizer.group('a').check('get').allowed()",
      compilation(
        "authorizer.group('a').check('get').allowed()",
        "found no matching overload for 'check' applied to 'kubernetes.authorization.GroupCheck.(string)'",
        28,
      ),
    ],
  ];
  for (const [expression, problem] of expressions) {
    it(`compile ${expression}`, () => {
      const texts = errorsOf({ matchConditions: [{ name: 'n', expression }] });
      const at = `webhooks[0].matchConditions[0].expression: Invalid value: ${JSON.stringify(expression)}: `;
      assert.deepEqual(texts, problem === '' ? [] : [at + problem]);
    });
  }

  it('count their changes', () => {
    assert.equal(judgeUpdate(STRATEGY, { webhooks: [HOOK] }, { 'webhooks/0/timeoutSeconds': 3 }).object.metadata.generation, 2);
  });
});
