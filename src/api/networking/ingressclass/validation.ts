import { forbidden, invalid, notSupported, required, tooLong, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateDomainPrefixedPath } from '../../../apimachinery/validation/domainPrefixed.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import type { IngressClass, IngressClassParametersReference } from '../../schema/types/networking/v1.ts';
import { validateTypedReference } from '../typedReference.ts';

export function validateIngressClass({ spec = {} }: IngressClass): ErrorList {
  const { controller = '', parameters } = spec;
  const path = SPEC.child('controller');
  const errors: FieldError[] = byteLength(controller) > LONGEST_CONTROLLER ? [tooLong(path, LONGEST_CONTROLLER)] : [];
  errors.push(...validateDomainPrefixedPath(controller, path));
  if (parameters !== undefined) errors.push(...validateParameters(parameters, SPEC.child('parameters')));
  return errors;
}

export function validateIngressClassUpdate(ingressClass: IngressClass, old: IngressClass): ErrorList {
  const { controller = '' } = ingressClass.spec ?? {};
  return [...validateImmutable(controller, old.spec?.controller ?? '', SPEC.child('controller')), ...validateIngressClass(ingressClass)];
}

function validateParameters(parameters: IngressClassParametersReference, path: Path): ErrorList {
  const errors: FieldError[] = [...validateTypedReference(parameters, path)];
  const { scope, namespace } = parameters;
  const at = path.child('namespace');
  if (scope === undefined) errors.push(required(path.child('scope'), ''));
  else if (!SCOPES.includes(scope)) errors.push(notSupported(path.child('scope'), scope, SCOPES));
  if (scope === 'Namespace') {
    if ((namespace ?? '') === '') errors.push(required(at, "`parameters.scope` is set to 'Namespace'"));
    else for (const text of isDNS1123Label(namespace ?? '')) errors.push(invalid(at, namespace, text));
  }
  if (scope === 'Cluster' && namespace !== undefined) errors.push(forbidden(at, "`parameters.scope` is set to 'Cluster'"));
  return errors;
}

const SPEC = Path.of('spec');
const LONGEST_CONTROLLER = 250;
const SCOPES: readonly string[] = ['Cluster', 'Namespace'];
