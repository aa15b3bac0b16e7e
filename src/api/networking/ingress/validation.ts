import { invalid, required, notSupported, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { parseIP } from '../../../apimachinery/net/ip.ts';
import { validateIP } from '../../../apimachinery/net/validation.ts';
import { wasEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import {
  isDNS1123Label,
  isDNS1123Subdomain,
  isValidPortName,
  isValidPortNum,
  isWildcardDNS1123Subdomain,
} from '../../../apimachinery/validation/names.ts';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressServiceBackend,
  IngressSpec,
  IngressTLS,
} from '../../schema/types/networking/v1.ts';
import { validateTypedReference } from '../typedReference.ts';

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export function validateIngress(ingress: Ingress): ErrorList {
  const errors: FieldError[] = [...validateSpec(ingress.spec ?? {}, STRICT)];
  const annotation = ingress.metadata.annotations?.[CLASS_ANNOTATION];
  const name = ingress.spec?.ingressClassName;
  if (annotation !== undefined && name !== undefined && annotation !== name) {
    const path = Path.of('annotations').child(CLASS_ANNOTATION);
    errors.push(invalid(path, annotation, 'must match `ingressClassName` when both are specified'));
  }
  return errors;
}

export function validateIngressUpdate(ingress: Ingress, old: Ingress): ErrorList {
  const before = old.spec ?? {};
  return validateSpec(ingress.spec ?? {}, {
    secretNames: (before.tls ?? []).some(({ secretName = '' }) => secretNameProblems(secretName).length > 0),
    wildcardRules: (before.rules ?? []).some((rule) => isWildcard(rule) && validateRuleValue(rule, SPEC).length > 0),
  });
}

/** Of the `/status` subresource. */
export function validateIngressStatusUpdate(ingress: Ingress, old: Ingress): ErrorList {
  const path = Path.of('status', 'loadBalancer', 'ingress');
  const before = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }) => (ip === '' ? [] : [ip]));
  return (ingress.status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }, index) => [
    ...(ip === '' ? [] : validateIP(path.index(index).child('ip'), ip, before)),
    ...(hostname === '' ? [] : validateHostName(hostname, path.index(index).child('hostname'))),
  ]);
}

/** What an older server let through and an update may keep. */
interface Allowed {
  readonly secretNames: boolean;
  readonly wildcardRules: boolean;
}

const STRICT: Allowed = { secretNames: false, wildcardRules: false };
const SPEC = Path.of('spec');

function validateSpec(spec: IngressSpec, allowed: Allowed): ErrorList {
  const { defaultBackend, rules = [], tls = [], ingressClassName } = spec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && defaultBackend === undefined) {
    const printed = wasEmpty(spec, 'rules') ? [] : null;
    errors.push(invalid(SPEC, printed, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, SPEC.child('defaultBackend')));
  rules.forEach((rule, index) => {
    const path = SPEC.child('rules').index(index);
    if ((rule.host ?? '') !== '') errors.push(...validateRuleHost(rule.host ?? '', path.child('host')));
    if (!(isWildcard(rule) && allowed.wildcardRules)) errors.push(...validateRuleValue(rule, path));
  });
  tls.forEach((one, index) => errors.push(...validateTLS(one, SPEC.child('tls').index(index), allowed)));
  if (ingressClassName !== undefined) {
    for (const text of isDNS1123Subdomain(ingressClassName)) errors.push(invalid(SPEC.child('ingressClassName'), ingressClassName, text));
  }
  return errors;
}

function isWildcard({ host = '' }: IngressRule): boolean {
  return host.includes('*');
}

function validateRuleHost(host: string, path: Path): ErrorList {
  const errors: FieldError[] = [];
  if (parseIP(host) !== undefined) errors.push(invalid(path, host, NOT_AN_ADDRESS));
  return [...errors, ...hostProblems(host).map((text) => invalid(path, host, text))];
}

function hostProblems(host: string): readonly string[] {
  return host.includes('*') ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host);
}

/** Of a load balancer: no wildcard, and the shape is judged first. */
function validateHostName(host: string, path: Path): ErrorList {
  const errors = isDNS1123Subdomain(host).map((text) => invalid(path, host, text));
  return parseIP(host) === undefined ? errors : [...errors, invalid(path, host, NOT_AN_ADDRESS)];
}

const NOT_AN_ADDRESS = 'must be a DNS name, not an IP address';

function validateTLS({ hosts = [], secretName = '' }: IngressTLS, path: Path, allowed: Allowed): ErrorList {
  const errors = hosts.flatMap((host, index) => hostProblems(host).map((text) => invalid(path.child('hosts').index(index), host, text)));
  if (allowed.secretNames) return errors;
  return [...errors, ...secretNameProblems(secretName).map((text) => invalid(path.child('secretName'), secretName, text))];
}

function secretNameProblems(name: string): readonly string[] {
  return name === '' ? [] : isDNS1123Subdomain(name);
}

/** @param path of the rule */
function validateRuleValue({ http }: IngressRule, path: Path): ErrorList {
  if (http === undefined) return [];
  const paths = (http.paths as typeof http.paths | undefined) ?? [];
  const at = path.child('http', 'paths');
  if (paths.length === 0) return [required(at, '')];
  return paths.flatMap((one, index) => validatePath(one, at.index(index)));
}

function validatePath({ path = '', pathType, backend }: Partial<HTTPIngressPath>, at: Path): ErrorList {
  if (pathType === undefined) return [required(at.child('pathType'), 'pathType must be specified')];
  return [...validatePathOfType(path, pathType, at), ...validateBackend(backend ?? {}, at.child('backend'))];
}

function validatePathOfType(path: string, pathType: string, at: Path): ErrorList {
  const say = (text: string): FieldError => invalid(at.child('path'), path, text);
  if (pathType === 'ImplementationSpecific') return path === '' || path.startsWith('/') ? [] : [say(ABSOLUTE)];
  if (pathType !== 'Exact' && pathType !== 'Prefix') return [notSupported(at.child('pathType'), pathType, PATH_TYPES)];
  const errors = path.startsWith('/') ? [] : [say(ABSOLUTE)];
  for (const sequence of FORBIDDEN_SEQUENCES) if (path.includes(sequence)) errors.push(say(`must not contain '${sequence}'`));
  for (const end of FORBIDDEN_ENDS) if (path.endsWith(end)) errors.push(say(`cannot end with '${end}'`));
  return errors;
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const ABSOLUTE = 'must be an absolute path';
const FORBIDDEN_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_ENDS = ['/..', '/.'];

function validateBackend({ resource, service }: IngressBackend, path: Path): ErrorList {
  if (resource !== undefined && service !== undefined) return [invalid(path, '', 'cannot set both resource and service backends')];
  if (resource !== undefined) return validateTypedReference(resource, path.child('resource'));
  if (service !== undefined) return validateServiceBackend(service, path);
  return [invalid(path, '', 'resource or service backend is required')];
}

/** @param path of the backend */
function validateServiceBackend({ name = '', port = {} }: Partial<IngressServiceBackend>, path: Path): ErrorList {
  const errors: FieldError[] = [];
  const at = path.child('service');
  if (name === '') errors.push(required(at.child('name'), ''));
  else for (const text of isDNS1123Label(name)) errors.push(invalid(at.child('name'), name, text));
  const { name: portName = '', number = 0 } = port;
  if (portName !== '' && number !== 0) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (portName !== '') for (const text of isValidPortName(portName)) errors.push(invalid(at.child('port', 'name'), portName, text));
  else if (number !== 0) for (const text of isValidPortNum(number)) errors.push(invalid(at.child('port', 'number'), number, text));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}
