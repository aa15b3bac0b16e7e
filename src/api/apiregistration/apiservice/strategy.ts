/**
 * APIServices: who serves a version of an API group, this server or another behind a Service.
 * Invariant: the name is the version and the group.
 * Counterpart: k8s.io/kube-aggregator/pkg/registry/apiservice.
 */
import { quote } from '../../../apimachinery/field/quote.ts';
import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { decodedLength } from '../../../apimachinery/scheme/base64.ts';
import { isDNS1035Label, isDNS1123Subdomain, isPathSegmentName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsPathSegment, type NameRule } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { APISERVICES } from '../../schema/resources.ts';
import type { APIService, APIServiceSpec, ServiceReference } from '../../schema/types/apiregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';

const HTTPS_PORT = 443;
const MAX_GROUP_PRIORITY = 20000;
const MAX_VERSION_PRIORITY = 1000;

export const APISERVICE_STRATEGY: Strategy<APIService> = {
  resource: APISERVICES,
  singular: 'apiservice',
  shortNames: [],
  categories: ['api-extensions'],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsPathSegment,
  defaults({ spec }) {
    if (spec?.service !== undefined) spec.service.port ??= HTTPS_PORT;
  },
  // What this server serves itself is there at once.
  prepareForCreate(service, { now }) {
    const local = { type: 'Available', status: 'True', lastTransitionTime: now, reason: 'Local', message: LOCAL_MESSAGE };
    service.status = service.spec?.service === undefined ? { conditions: [local] } : {};
  },
  // The name is judged together with what it is made of.
  validatesMetadata: true,
  validate: (service) => [...validateObjectMeta(service.metadata, false, nameRule(service)), ...validateSpec(service.spec ?? {})],
  validateUpdate: (service) => [...validateName(service), ...validateSpec(service.spec ?? {})],
  status: { validateUpdate: validateConditions },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Service'), text('Available'), AGE],
    cells: (service, nowMs) => [service.metadata.name ?? '', serverOf(service), availability(service), age(service, nowMs)],
  },
};

function nameRule({ spec }: APIService): NameRule {
  const wanted = `${spec?.version ?? ''}.${spec?.group ?? ''}`;
  return (name) => {
    const problems = isPathSegmentName(name);
    if (problems.length > 0 || name === wanted) return problems;
    return [`must be \`spec.version+"."+spec.group\`: ${quote(wanted)}`];
  };
}

function validateName(service: APIService): ErrorList {
  const { name = '' } = service.metadata;
  return nameRule(service)(name, false).map((problem) => invalid(Path.of('metadata', 'name'), name, problem));
}

function validateSpec(spec: Partial<APIServiceSpec>): ErrorList {
  const errors: FieldError[] = [];
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  if (group === '' && version !== 'v1')
    errors.push(required(SPEC.child('group'), 'only v1 may have an empty group and it better be legacy kube'));
  if (group !== '') for (const problem of isDNS1123Subdomain(group)) errors.push(invalid(SPEC.child('group'), group, problem));
  for (const problem of isDNS1035Label(version)) errors.push(invalid(SPEC.child('version'), version, problem));
  validatePriority(errors, groupPriorityMinimum, MAX_GROUP_PRIORITY, SPEC.child('groupPriorityMinimum'));
  validatePriority(errors, versionPriority, MAX_VERSION_PRIORITY, SPEC.child('versionPriority'));
  validateConnection(errors, spec);
  return errors;
}

function validatePriority(errors: FieldError[], priority: number, max: number, path: Path): void {
  if (priority <= 0 || priority > max) errors.push(invalid(path, priority, `must be positive and less than ${max}`));
}

function validateConnection(
  errors: FieldError[],
  { service, caBundle = '', insecureSkipTLSVerify = false }: Partial<APIServiceSpec>,
): void {
  const insecurePath = SPEC.child('insecureSkipTLSVerify');
  if (service === undefined) {
    if (caBundle !== '')
      errors.push(invalid(SPEC.child('caBundle'), `${decodedLength(caBundle)} bytes`, 'local APIServices may not have a caBundle'));
    if (insecureSkipTLSVerify) errors.push(invalid(insecurePath, true, 'local APIServices may not have insecureSkipTLSVerify'));
    return;
  }
  validateService(errors, service, SPEC.child('service'));
  if (insecureSkipTLSVerify && caBundle !== '') errors.push(invalid(insecurePath, true, 'may not be true if caBundle is present'));
}

function validateService(errors: FieldError[], { namespace = '', name = '', port = 0 }: ServiceReference, path: Path): void {
  if (namespace === '') errors.push(required(path.child('namespace'), ''));
  if (name === '') errors.push(required(path.child('name'), ''));
  const problems = isValidPortNum(port);
  if (problems.length > 0) errors.push(invalid(path.child('port'), port, `port is not valid: ${problems.join(',')}`));
}

function serverOf({ spec }: APIService): string {
  return spec?.service === undefined ? 'Local' : `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}`;
}

/** `False (ServiceNotFound)` */
function availability({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available');
  if (condition === undefined) return 'Unknown';
  const reason = condition.reason ?? '';
  return condition.status === 'True' || reason === '' ? condition.status : `${condition.status} (${reason})`;
}

function validateConditions({ status }: APIService): ErrorList {
  const errors: FieldError[] = [];
  for (const [index, condition] of (status?.conditions ?? []).entries()) {
    const text = (condition.status as string | undefined) ?? '';
    const path = Path.of('status', 'conditions').index(index).child('status');
    if (!CONDITION_STATUSES.includes(text)) errors.push(notSupported(path, text, CONDITION_STATUSES));
  }
  return errors;
}

const SPEC = Path.of('spec');
const CONDITION_STATUSES: readonly string[] = ['True', 'False', 'Unknown'];
const LOCAL_MESSAGE = 'Local APIServices are always available';
