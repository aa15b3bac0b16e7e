/**
 * The expressions of admission: what they can name, and whether they compile.
 * Invariant: an expression whose type is not one that is asked for is refused, a dynamic one too.
 * Counterpart: k8s.io/apiserver/pkg/admission/plugin/cel/compile.go.
 */
import { compile } from '../../apimachinery/cel/compile.ts';
import type { Environment } from '../../apimachinery/cel/environment.ts';
import { KUBERNETES } from '../../apimachinery/cel/library/kubernetes.ts';
import {
  BOOL,
  DYN,
  formatType,
  INT,
  listOf,
  mapOf,
  objectType,
  opaque,
  sameType,
  STRING,
  TIMESTAMP,
  type Type,
} from '../../apimachinery/cel/types.ts';
import { invalid, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';

/** What some expressions of admission can name and others not. */
export interface Declared {
  readonly params: boolean;
  readonly authorizer: boolean;
}

/** `object`, `oldObject`, `request` and `namespaceObject`, and what is declared besides. */
export function admissionEnvironment({ params, authorizer }: Declared): Environment {
  const key = `${params} ${authorizer}`;
  const known = environments.get(key);
  if (known !== undefined) return known;
  const environment = KUBERNETES.withVariables({
    object: DYN,
    oldObject: DYN,
    request: REQUEST,
    namespaceObject: NAMESPACE,
    ...(params && { params: DYN }),
    ...(authorizer && {
      authorizer: opaque('kubernetes.authorization.Authorizer'),
      'authorizer.requestResource': opaque('kubernetes.authorization.ResourceCheck'),
    }),
  });
  environments.set(key, environment);
  return environment;
}

const environments = new Map<string, Environment>();

/** A condition of a webhook: true or false, with an authorizer, without parameters. */
export function checkCondition(errors: FieldError[], expression: string, path: Path): void {
  const problem = problemWith(admissionEnvironment({ params: false, authorizer: true }), expression, [BOOL]);
  if (problem !== undefined) errors.push(invalid(path, expression, problem));
}

/** Why an expression is refused; undefined if it gives one of the types. */
export function problemWith(environment: Environment, expression: string, types: readonly Type[]): string | undefined {
  const compiled = compile(environment, expression);
  if (!compiled.ok) return `compilation failed: ${compiled.error}`;
  const { type } = compiled.program;
  if (types.some((expected) => sameType(expected, type))) return undefined;
  const [only] = types;
  if (types.length === 1 && only !== undefined) return `must evaluate to ${formatType(only)} but got ${formatType(type)}`;
  return `must evaluate to one of [${types.map(formatType).join(' ')}]`;
}

function object(name: string, fields: Readonly<Record<string, Type>>): Type {
  const known = new Map(Object.entries(fields));
  return objectType(`kubernetes.${name}`, (field) => known.get(field));
}

const STRINGS = listOf(STRING);
const STRING_MAP = mapOf(STRING, STRING);
const KIND = object('GroupVersionKind', { group: STRING, version: STRING, kind: STRING });
const RESOURCE = object('GroupVersionResource', { group: STRING, version: STRING, resource: STRING });

const REQUEST = object('AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: STRING,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: object('UserInfo', { username: STRING, uid: STRING, groups: STRINGS, extra: mapOf(STRING, STRINGS) }),
  dryRun: BOOL,
  options: DYN,
});

const NAMESPACE = object('Namespace', {
  metadata: object('NamespaceMetadata', {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: STRING_MAP,
    annotations: STRING_MAP,
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: STRINGS,
  }),
  spec: object('NamespaceSpec', { finalizers: STRINGS }),
  status: object('NamespaceStatus', {
    conditions: listOf(
      object('NamespaceCondition', {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
    phase: STRING,
  }),
});
