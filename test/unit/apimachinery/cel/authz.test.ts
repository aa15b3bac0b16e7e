import assert from 'node:assert/strict';
import { compile } from '../../../../src/apimachinery/cel/compile.ts';
import { AuthorizerValue, ResourceCheck, type Act } from '../../../../src/apimachinery/cel/library/authz.ts';
import { KUBERNETES } from '../../../../src/apimachinery/cel/library/kubernetes.ts';
import { parseType } from '../../../../src/apimachinery/cel/environment.ts';

const ENVIRONMENT = KUBERNETES.withVariables({
  authorizer: parseType('kubernetes.authorization.Authorizer'),
  'authorizer.requestResource': parseType('kubernetes.authorization.ResourceCheck'),
});

/** Runs an expression; also gives what the authorizer was asked. */
function run(expression: string): { readonly value: unknown; readonly asked: readonly unknown[] } {
  const asked: unknown[] = [];
  const authorizer = new AuthorizerValue((act: Act, serviceAccount) => {
    asked.push(serviceAccount === undefined ? act : { ...act, serviceAccount });
    return act.verb === 'fail' ? { allowed: false, reason: '', error: 'no answer' } : { allowed: act.verb === 'get', reason: 'why' };
  });
  const resource = { group: 'apps', resource: 'deployments', subresource: '', namespace: 'n', name: 'd' };
  const compiled = compile(ENVIRONMENT, expression);
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.error);
  const result = compiled.program.run(
    { authorizer, 'authorizer.requestResource': new ResourceCheck(authorizer, resource) },
    Number.MAX_SAFE_INTEGER,
  );
  return { value: 'error' in result ? result.error : result.value, asked };
}

describe('the authorizer of expressions', () => {
  const log = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'n', name: 'p' };
  const request = { verb: 'get', group: 'apps', resource: 'deployments', subresource: '', namespace: 'n', name: 'd' };
  const expressions: readonly (readonly [expression: string, value: unknown, asked: readonly unknown[]])[] = [
    ["authorizer.group('').resource('pods').subresource('log').namespace('n').name('p').check('get').allowed()", true, [log]],
    ["authorizer.path('/healthz').check('get').reason()", 'why', [{ verb: 'get', path: '/healthz' }]],
    ["authorizer.requestResource.labelSelector('a=b').check('get').errored()", false, [request]],
    ["authorizer.requestResource.check('fail').error()", 'no answer', [{ ...request, verb: 'fail' }]],
    [
      "authorizer.serviceAccount('n', 's').path('/x').check('post').allowed()",
      false,
      [{ verb: 'post', path: '/x', serviceAccount: { namespace: 'n', name: 's' } }],
    ],
    ["authorizer.path('').check('get').allowed()", 'path must not be empty', []],
    ["authorizer.serviceAccount('n', 'A').path('/').check('get').allowed()", 'Invalid service account name', []],
    ["authorizer.serviceAccount('n.m', 'a').path('/').check('get').allowed()", 'Invalid service account namespace', []],
  ];
  for (const [expression, value, asked] of expressions) {
    it(expression, () => {
      assert.deepEqual(run(expression), { value, asked });
    });
  }
});
