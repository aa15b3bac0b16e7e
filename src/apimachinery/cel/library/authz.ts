/**
 * What a user may do, asked by an expression: `authorizer.group('apps').resource('deployments').check('create').allowed()`.
 * Counterpart: k8s.io/apiserver/pkg/cel/library/authz.go.
 */
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../validation/objectNames.ts';
import { declare, type Library } from '../environment.ts';
import { CelError, CelOpaque, noSuchOverload, type Value } from '../values.ts';

/** The act that is asked about: on a resource, or on a path that is none. */
export type Act =
  | { readonly verb: string; readonly path: string }
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    };

export interface Verdict {
  readonly allowed: boolean;
  readonly reason: string;
  /** Why there is no verdict. */
  readonly error?: string;
}

/** @param serviceAccount who is asked about in place of the user that makes the request: `namespace/name` apart */
export type Authorize = (act: Act, serviceAccount: { readonly namespace: string; readonly name: string } | undefined) => Verdict;

type Resource = Omit<Extract<Act, { readonly group: string }>, 'verb'>;

/** An `authorizer`, or what one of its calls has narrowed it to. */
abstract class AuthzValue extends CelOpaque {
  equals(other: CelOpaque): boolean {
    return this === other;
  }
}

export class AuthorizerValue extends AuthzValue {
  readonly typeName = 'kubernetes.authorization.Authorizer';
  readonly ask: (act: Act) => Verdict;
  readonly authorize: Authorize;

  constructor(authorize: Authorize, serviceAccount?: { readonly namespace: string; readonly name: string }) {
    super();
    this.authorize = authorize;
    this.ask = (act) => authorize(act, serviceAccount);
  }
}

class PathCheck extends AuthzValue {
  readonly typeName = 'kubernetes.authorization.PathCheck';
  readonly ask: (verb: string) => Verdict;

  constructor({ ask }: AuthorizerValue, path: string) {
    super();
    this.ask = (verb) => ask({ verb, path });
  }
}

class GroupCheck extends AuthzValue {
  readonly typeName = 'kubernetes.authorization.GroupCheck';
  readonly authorizer: AuthorizerValue;
  readonly group: string;

  constructor(authorizer: AuthorizerValue, group: string) {
    super();
    this.authorizer = authorizer;
    this.group = group;
  }
}

/** `authorizer.requestResource` is one that has everything already. */
export class ResourceCheck extends AuthzValue {
  readonly typeName = 'kubernetes.authorization.ResourceCheck';
  private readonly authorizer: AuthorizerValue;
  private readonly resource: Resource;

  constructor(authorizer: AuthorizerValue, resource: Resource) {
    super();
    this.authorizer = authorizer;
    this.resource = resource;
  }

  with(part: Partial<Resource>): ResourceCheck {
    return new ResourceCheck(this.authorizer, { ...this.resource, ...part });
  }

  ask(verb: string): Verdict {
    return this.authorizer.ask({ verb, ...this.resource });
  }
}

class Decision extends AuthzValue {
  readonly typeName = 'kubernetes.authorization.Decision';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super();
    this.verdict = verdict;
  }
}

function the<T extends AuthzValue>(kind: abstract new (...args: never[]) => T, value: Value | undefined): T {
  if (!(value instanceof kind)) throw noSuchOverload();
  return value;
}

function text(value: Value | undefined): string {
  if (typeof value !== 'string') throw noSuchOverload();
  return value;
}

const NAME = 'kubernetes.authorization.';
const RESOURCE = `${NAME}ResourceCheck`;

function narrow(name: string, part: (value: string) => Partial<Resource>): Library['functions'][number] {
  return declare(name, [`resourcecheck_${name.toLowerCase()}: ${RESOURCE}.(string) -> ${RESOURCE}`], ([target, value]) =>
    the(ResourceCheck, target).with(part(text(value))),
  );
}

export const AUTHZ: Library = {
  functions: [
    declare('path', [`authorizer_path: ${NAME}Authorizer.(string) -> ${NAME}PathCheck`], ([target, path]) => {
      if (text(path) === '') throw new CelError('path must not be empty');
      return new PathCheck(the(AuthorizerValue, target), text(path));
    }),
    declare('group', [`authorizer_group: ${NAME}Authorizer.(string) -> ${NAME}GroupCheck`], ([target, group]) => {
      return new GroupCheck(the(AuthorizerValue, target), text(group));
    }),
    declare(
      'serviceAccount',
      [`authorizer_serviceaccount: ${NAME}Authorizer.(string, string) -> ${NAME}Authorizer`],
      ([target, namespace, name]) => {
        if (nameIsDNSSubdomain(text(name), false).length > 0) throw new CelError('Invalid service account name');
        if (nameIsDNSLabel(text(namespace), false).length > 0) throw new CelError('Invalid service account namespace');
        return new AuthorizerValue(the(AuthorizerValue, target).authorize, { namespace: text(namespace), name: text(name) });
      },
    ),
    declare('resource', [`groupcheck_resource: ${NAME}GroupCheck.(string) -> ${RESOURCE}`], ([target, resource]) => {
      const { authorizer, group } = the(GroupCheck, target);
      return new ResourceCheck(authorizer, { group, resource: text(resource), subresource: '', namespace: '', name: '' });
    }),
    narrow('subresource', (subresource) => ({ subresource })),
    narrow('namespace', (namespace) => ({ namespace })),
    narrow('name', (name) => ({ name })),
    // Roles know no selectors, so these narrow nothing.
    narrow('fieldSelector', () => ({})),
    narrow('labelSelector', () => ({})),
    declare(
      'check',
      [`pathcheck_check: ${NAME}PathCheck.(string) -> ${NAME}Decision`, `resourcecheck_check: ${RESOURCE}.(string) -> ${NAME}Decision`],
      ([target, verb]) => new Decision((target instanceof PathCheck ? target : the(ResourceCheck, target)).ask(text(verb))),
    ),
    declare('errored', [`decision_errored: ${NAME}Decision.() -> bool`], ([target]) => the(Decision, target).verdict.error !== undefined),
    declare('error', [`decision_error: ${NAME}Decision.() -> string`], ([target]) => the(Decision, target).verdict.error ?? ''),
    declare('allowed', [`decision_allowed: ${NAME}Decision.() -> bool`], ([target]) => the(Decision, target).verdict.allowed),
    declare('reason', [`decision_reason: ${NAME}Decision.() -> string`], ([target]) => the(Decision, target).verdict.reason),
  ],
};
