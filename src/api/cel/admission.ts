/**
 * What expressions of admission can name: the object, the one before it, the request, its namespace, parameters, and what
 * the user may do. Webhooks and policies have them.
 * Invariant: environments are made once; compiling never throws.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/cel/compile.go.
 */
import { compile, type Program } from '../../apimachinery/cel/compile.ts';
import type { Environment } from '../../apimachinery/cel/environment.ts';
import { parseType } from '../../apimachinery/cel/environment.ts';
import { KUBERNETES } from '../../apimachinery/cel/library/kubernetes.ts';
import { JSON_PATCH_LIBRARY, makeObject, mutationType } from '../../apimachinery/cel/mutation.ts';
import { DYN, objectType, typeText, type Type } from '../../apimachinery/cel/types.ts';

/** What some expressions have beside the rest. */
export interface Extras {
  readonly params?: boolean;
  readonly authorizer?: boolean;
  /** Types of objects and patches to be made. */
  readonly mutation?: boolean;
  /** The type of `variables`, where there are any. */
  readonly variables?: Type;
  /** What `object` and `oldObject` are; anything, unless told. */
  readonly object?: Type;
  readonly paramsType?: Type;
}

export type Expression = { readonly ok: true; readonly program: Program } | { readonly ok: false; readonly error: string };

/** @param results the types that the expression may have */
export function compileAdmission(source: string, extras: Extras, results: readonly Type[]): Expression {
  const compiled = compile(environmentFor(extras), source, extras.mutation === true ? makeObject : undefined);
  if (!compiled.ok) return compiled;
  const given = typeText(compiled.program.type);
  const wanted = results.map(typeText);
  if (wanted.length === 0 || wanted.includes(given)) return compiled;
  const expected = wanted.length === 1 ? (wanted[0] ?? '') : `one of [${wanted.join(' ')}]`;
  return { ok: false, error: `must evaluate to ${expected} but got ${given}` };
}

/**
 * Why an expression does not fit the types it is looked at with; undefined if it does. Its own type is not looked at.
 * @param variables those of the policy, in order
 */
export function compileTyped(
  source: string,
  variables: readonly { readonly name: string; readonly expression: string }[],
  extras: Extras,
): string | undefined {
  const environment = environmentFor(extras).withVariables({ authorizer: AUTHORIZERS.authorizer });
  const types = new Map<string, Type>();
  const composed = environment.withVariables({ variables: objectType('kubernetes.variables', (name) => types.get(name)) });
  for (const { name, expression } of variables) {
    const compiled = compile(composed, expression);
    types.set(name, compiled.ok ? compiled.program.type : DYN);
  }
  const compiled = compile(composed, source);
  return compiled.ok || compiled.issues === '' ? undefined : compiled.issues;
}

const environments = new Map<string, Environment>();

function environmentFor({ params, authorizer, mutation, variables, object = DYN, paramsType = DYN }: Extras): Environment {
  const key = [params, authorizer, mutation].map((has) => (has === true ? '1' : '0')).join('');
  let environment = environments.get(key);
  if (environment === undefined) {
    environment = KUBERNETES.withVariables({
      object: DYN,
      oldObject: DYN,
      namespaceObject: NAMESPACE,
      request: REQUEST,
      ...(params === true ? { params: DYN } : {}),
      ...(authorizer === true ? AUTHORIZERS : {}),
    });
    if (mutation === true) environment = environment.withLibraries(JSON_PATCH_LIBRARY).withObjects(mutationType);
    environments.set(key, environment);
  }
  if (object === DYN && variables === undefined && paramsType === DYN) return environment;
  return environment.withVariables({
    object,
    oldObject: object,
    ...(params === true ? { params: paramsType } : {}),
    ...(variables === undefined ? {} : { variables }),
  });
}

const AUTHORIZERS = {
  authorizer: parseType('kubernetes.authorization.Authorizer'),
  'authorizer.requestResource': parseType('kubernetes.authorization.ResourceCheck'),
};

function object(name: string, fields: Readonly<Record<string, Type | string>>): Type {
  const types = new Map(Object.entries(fields).map(([field, type]) => [field, typeof type === 'string' ? parseType(type) : type]));
  return objectType(`kubernetes.${name}`, (field) => types.get(field));
}

const KIND = object('GroupVersionKind', { group: 'string', version: 'string', kind: 'string' });
const RESOURCE = object('GroupVersionResource', { group: 'string', version: 'string', resource: 'string' });
const REQUEST = object('AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: 'string',
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: 'string',
  name: 'string',
  namespace: 'string',
  operation: 'string',
  userInfo: object('UserInfo', { username: 'string', uid: 'string', groups: 'list(string)', extra: 'map(string, list(string))' }),
  dryRun: 'bool',
  options: 'dyn',
});

const CONDITION = object('NamespaceCondition', {
  status: 'string',
  type: 'string',
  lastTransitionTime: 'timestamp',
  message: 'string',
  reason: 'string',
});
const NAMESPACE = object('Namespace', {
  metadata: object('NamespaceMetadata', {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    labels: 'map(string, string)',
    annotations: 'map(string, string)',
    UID: 'string',
    creationTimestamp: 'timestamp',
    deletionGracePeriodSeconds: 'int',
    deletionTimestamp: 'timestamp',
    generation: 'int',
    resourceVersion: 'string',
    finalizers: 'list(string)',
  }),
  spec: object('NamespaceSpec', { finalizers: 'list(string)' }),
  status: object('NamespaceStatus', { conditions: { kind: 'list', name: 'list', params: [CONDITION] }, phase: 'string' }),
});
