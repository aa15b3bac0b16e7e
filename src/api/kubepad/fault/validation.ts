import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import { validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { parseQuantity, value } from '../../../apimachinery/quantity/quantity.ts';
import { DURATION_TEXT, parseDuration } from '../duration.ts';
import { SHUTDOWN_PERIODS, validateShutdown } from '../shutdown.ts';
import { FAULT_TYPES, IMAGE_ERRORS, PROBE_TYPES, type Fault, type FaultSpec, type FaultTarget, type FaultType } from '../types.ts';
import { COMPONENTS, NODE_COMPONENTS } from './components.ts';

const SPEC = Path.of('spec');
const TARGET = SPEC.child('target');

type TargetField = keyof FaultTarget;
type ParameterField = Exclude<keyof FaultSpec, 'type' | 'target' | 'from' | 'duration'>;

interface Rule {
  /** One of these must be set. */
  readonly needs: readonly TargetField[];
  readonly allows?: readonly TargetField[];
  readonly parameters?: readonly ParameterField[];
}

const RULES: Readonly<Record<FaultType, Rule>> = {
  ComponentDown: { needs: ['component'], allows: ['node', 'zone'] },
  CrashLoop: { needs: ['pods'], allows: ['node', 'zone'], parameters: ['exitCode', 'after'] },
  DiskPressure: { needs: ['node', 'zone'], parameters: ['available'] },
  ImagePullError: { needs: ['image', 'pods', 'node', 'zone'], parameters: ['error'] },
  MemoryLeak: { needs: ['pods'], allows: ['node', 'zone'], parameters: ['rate'] },
  NodeDown: { needs: ['node'] },
  NodeShutdown: { needs: ['node', 'zone'], parameters: [...SHUTDOWN_PERIODS, 'shutdownGracePeriodByPodPriority'] },
  Partition: { needs: ['node', 'zone'] },
  ProbeFailure: { needs: ['pods'], allows: ['node', 'zone'], parameters: ['probes'] },
  SlowStart: { needs: ['pods'], allows: ['node', 'zone'], parameters: ['latency'] },
  ZoneDown: { needs: ['zone'] },
};

const TARGETS: readonly TargetField[] = ['node', 'zone', 'pods', 'image', 'component'];
const PARAMETERS: readonly ParameterField[] = [
  'error',
  'latency',
  'exitCode',
  'after',
  'rate',
  'probes',
  'available',
  ...SHUTDOWN_PERIODS,
  'shutdownGracePeriodByPodPriority',
];

export function validateFault({ spec }: Fault): ErrorList {
  const type = spec?.type;
  if (spec === undefined || type === undefined || (type as string) === '') return [required(SPEC.child('type'), '')];
  if (!FAULT_TYPES.includes(type)) return [notSupported(SPEC.child('type'), type, FAULT_TYPES)];
  const errors: FieldError[] = [];
  const rule = RULES[type];
  checkFields(errors, spec, rule);
  checkTarget(errors, spec.target ?? {});
  checkTimes(errors, spec);
  checkParameters(errors, spec);
  validateShutdown(errors, spec, SPEC);
  return errors;
}

/** Which targets and parameters the type knows. */
function checkFields(errors: FieldError[], spec: FaultSpec, { needs, allows = [], parameters = [] }: Rule): void {
  const { type, target = {} } = spec;
  if (!needs.some((field) => target[field] !== undefined)) {
    const text = needs.length === 1 ? '' : `must specify one of ${needs.map((field) => `\`${field}\``).join(', ')}`;
    errors.push(required(needs.length === 1 ? TARGET.child(needs[0] ?? '') : TARGET, text));
  }
  for (const field of TARGETS) {
    if (target[field] !== undefined && !needs.includes(field) && !allows.includes(field))
      errors.push(forbidden(TARGET.child(field), `may not be set when \`type\` is ${type}`));
  }
  for (const field of PARAMETERS) {
    if (spec[field] !== undefined && !parameters.includes(field))
      errors.push(forbidden(SPEC.child(field), `may not be set when \`type\` is ${type}`));
  }
}

function checkTarget(errors: FieldError[], { node, zone, pods, image, component }: FaultTarget): void {
  if (node === '') errors.push(required(TARGET.child('node'), ''));
  if (image === '') errors.push(required(TARGET.child('image'), ''));
  if (zone === '') errors.push(required(TARGET.child('zone'), ''));
  else if (zone !== undefined) for (const text of isValidLabelValue(zone)) errors.push(invalid(TARGET.child('zone'), zone, text));
  if (pods !== undefined) {
    const path = TARGET.child('pods');
    if (pods.name !== undefined && pods.namespace === undefined)
      errors.push(required(path.child('namespace'), 'must be set together with `name`'));
    if (pods.name !== undefined && pods.selector !== undefined)
      errors.push(forbidden(path.child('selector'), 'may not be set together with `name`'));
    errors.push(...validateLabelSelector(pods.selector, path.child('selector')));
  }
  if (component === undefined) return;
  if (!COMPONENTS.includes(component)) errors.push(notSupported(TARGET.child('component'), component, COMPONENTS));
  const ofNode = NODE_COMPONENTS.some((name) => name === component);
  if (ofNode && node === undefined && zone === undefined)
    errors.push(required(TARGET.child('node'), `must be set when \`component\` is ${component}`));
  if (ofNode) return;
  for (const [field, given] of [
    ['node', node],
    ['zone', zone],
  ] as const)
    if (given !== undefined) errors.push(forbidden(TARGET.child(field), `may not be set when \`component\` is ${component}`));
}

function checkTimes(errors: FieldError[], { from, duration }: FaultSpec): void {
  if (from !== undefined && parseDuration(from) === undefined && !isTime(from)) {
    errors.push(invalid(SPEC.child('from'), from, 'must be a duration (e.g. 30s) or a time (e.g. 2026-01-02T03:04:05Z)'));
  }
  checkDuration(errors, 'duration', duration);
}

function checkParameters(errors: FieldError[], { error, latency, exitCode, after, rate, probes = [], available }: FaultSpec): void {
  if (error !== undefined && !IMAGE_ERRORS.includes(error)) errors.push(notSupported(SPEC.child('error'), error, IMAGE_ERRORS));
  checkDuration(errors, 'latency', latency);
  checkDuration(errors, 'after', after);
  if (exitCode !== undefined && !(exitCode >= 0 && exitCode <= 255))
    errors.push(invalid(SPEC.child('exitCode'), exitCode, 'must be between 0 and 255, inclusive'));
  if (rate !== undefined) {
    const parsed = parseQuantity(rate);
    if ('error' in parsed) errors.push(invalid(SPEC.child('rate'), rate, parsed.error));
    else if (value(rate) <= 0) errors.push(invalid(SPEC.child('rate'), rate, 'must be greater than 0'));
  }
  probes.forEach((probe, index) => {
    if (!PROBE_TYPES.includes(probe)) errors.push(notSupported(SPEC.child('probes').index(index), probe, PROBE_TYPES));
  });
  if (available !== undefined && !/^(?:\d|[1-9]\d)(?:\.\d+)?%$/.test(available) && 'error' in parseQuantity(available)) {
    errors.push(invalid(SPEC.child('available'), available, 'must be a quantity (e.g. 5Gi) or a percentage below 100 (e.g. 5%)'));
  }
}

function checkDuration(errors: FieldError[], field: string, text: string | undefined): void {
  if (text !== undefined && !((parseDuration(text) ?? 0) > 0)) errors.push(invalid(SPEC.child(field), text, DURATION_TEXT));
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text));
}
