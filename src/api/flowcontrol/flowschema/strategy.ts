/**
 * FlowSchemas: which requests go to which priority level.
 * Invariant: those that the server cannot do without say what they always said.
 * Counterpart: k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema.
 */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { FLOWSCHEMAS } from '../../schema/resources.ts';
import type { FlowSchema, FlowSchemaSpec } from '../../schema/types/flowcontrol/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateStatusConditions } from '../conditions.ts';
import { MANDATORY_FLOW_SCHEMAS } from '../mandatory.ts';
import { validateRules } from './rules.ts';

const DEFAULT_PRECEDENCE = 1000;
const MAX_PRECEDENCE = 10000;

export const FLOWSCHEMA_STRATEGY: Strategy<FlowSchema> = {
  resource: FLOWSCHEMAS,
  singular: 'flowschema',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(schema) {
    const spec = (schema.spec ??= { priorityLevelConfiguration: { name: '' } });
    if ((spec.matchingPrecedence ?? 0) === 0) spec.matchingPrecedence = DEFAULT_PRECEDENCE;
  },
  prepareForCreate(schema) {
    schema.status = {};
  },
  validate: validateFlowSchema,
  validateUpdate: validateFlowSchema,
  status: { validateUpdate: (schema) => validateStatusConditions(schema.status?.conditions) },
  defaultPropagation: 'Background',
  table: {
    // As the API server prints them: first what is asked first.
    order: (a, b) => (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0),
    columns: [NAME, text('PriorityLevel'), text('MatchingPrecedence'), text('DistinguisherMethod'), AGE, text('MissingPL')],
    cells: (schema, nowMs) => [
      schema.metadata.name ?? '',
      schema.spec?.priorityLevelConfiguration.name ?? '',
      schema.spec?.matchingPrecedence ?? 0,
      schema.spec?.distinguisherMethod?.type ?? '<none>',
      age(schema, nowMs),
      schema.status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    ],
  },
};

function validateFlowSchema(schema: FlowSchema): ErrorList {
  const errors: FieldError[] = [];
  const spec: Partial<FlowSchemaSpec> = schema.spec ?? {};
  const name = schema.metadata.name ?? '';
  validateSpec(errors, spec, name);
  const fixed = MANDATORY_FLOW_SCHEMAS[name];
  if (fixed !== undefined && !jsonEqual(spec, fixed))
    errors.push(invalid(SPEC, internalValue('FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`));
  return [...errors, ...validateStatusConditions(schema.status?.conditions)];
}

function validateSpec(errors: FieldError[], spec: Partial<FlowSchemaSpec>, name: string): void {
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method, rules = [] } = spec;
  const path = SPEC.child('matchingPrecedence');
  if (precedence <= 0) errors.push(invalid(path, precedence, 'must be a positive value'));
  if (precedence > MAX_PRECEDENCE) errors.push(invalid(path, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  if (precedence === 1 && name !== 'exempt')
    errors.push(invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (method !== undefined && !METHODS.includes(method.type))
    errors.push(notSupported(SPEC.child('distinguisherMethod', 'type'), internalValue('FlowDistinguisherMethod', method), METHODS));
  const level = (spec.priorityLevelConfiguration?.name as string | undefined) ?? '';
  const levelPath = SPEC.child('priorityLevelConfiguration', 'name');
  if (level === '') errors.push(required(levelPath, 'must reference a priority level'));
  else for (const problem of isDNS1123Subdomain(level)) errors.push(invalid(levelPath, level, problem));
  for (const [index, rule] of rules.entries()) validateRules(errors, rule, SPEC.child('rules').index(index));
}

const SPEC = Path.of('spec');
const METHODS: readonly string[] = ['ByNamespace', 'ByUser'];
