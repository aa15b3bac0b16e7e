import {
  duplicate,
  forbidden,
  internalError,
  invalid,
  notSupported,
  required,
  type ErrorList,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabelName } from '../../../apimachinery/labels/validation.ts';
import { parseCIDR, type IPFamily } from '../../../apimachinery/net/ip.ts';
import { validateCIDR } from '../../../apimachinery/net/validation.ts';
import { isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { Node, NodeSpec, Taint } from '../../schema/types/core/v1.ts';
import { validateResourceQuantity } from '../pod/resources.ts';

export function validateNode(node: Node): ErrorList {
  const errors: FieldError[] = [];
  validateTaints(errors, node.spec?.taints ?? []);
  validateResources(errors, node);
  validatePodCIDRs(errors, node.spec?.podCIDRs ?? []);
  return errors;
}

/** What a node was given by the cluster (addresses of Pods, provider) stays; the rest of the spec may change. */
export function validateNodeUpdate(node: Node, old: Node): ErrorList {
  const errors: FieldError[] = [];
  const spec = node.spec ?? {};
  const before = old.spec ?? {};
  validateResources(errors, node);
  validateAddresses(errors, node);
  validatePodCIDRsKept(errors, spec, before);
  const providerID = before.providerID ?? '';
  if (providerID !== '' && providerID !== (spec.providerID ?? '')) {
    errors.push(forbidden(SPEC.child('providerID'), 'node updates may not change providerID except from "" to valid'));
  }
  validateTaints(errors, spec.taints ?? []);
  if ((spec.externalID ?? '') !== (before.externalID ?? '')) errors.push(forbidden(SPEC.child('externalID'), 'may not be updated'));
  return errors;
}

/** The API server reports taints under metadata, where they once were. */
function validateTaints(errors: FieldError[], taints: readonly Taint[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, index) => {
    const path = TAINTS.index(index);
    const { key = '', value = '', effect = '' } = taint as Partial<Taint>;
    errors.push(...validateLabelName(key, path.child('key')));
    const problems = isValidLabelValue(value);
    if (problems.length > 0) errors.push(invalid(path.child('value'), value, problems.join(';')));
    if ((effect as string) === '') errors.push(required(path.child('effect'), ''));
    else if (!EFFECTS.includes(effect)) errors.push(notSupported(path.child('effect'), effect, EFFECTS));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const error = duplicate(path, { Key: key, Value: value, Effect: effect, TimeAdded: taint.timeAdded ?? null });
      errors.push({ ...error, body: `${error.body}: taints must be unique by key and effect pair` });
    } else seen.add(pair);
  });
}

function validateResources(errors: FieldError[], node: Node): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    const amounts = node.status?.[list] ?? {};
    for (const name of Object.keys(amounts).sort())
      validateResourceQuantity(errors, name, amounts[name] ?? '0', Path.of('status', list, name));
  }
}

function validatePodCIDRs(errors: FieldError[], blocks: readonly string[]): void {
  const path = SPEC.child('podCIDRs');
  blocks.forEach((block, index) => errors.push(...validateCIDR(path.index(index), block)));
  if (blocks.length < 2) return;
  const families: (IPFamily | undefined)[] = blocks.map((block) => parseCIDR(block)?.address.family);
  const bad = families.indexOf(undefined);
  if (bad >= 0) {
    const problem = `invalid CIDR[${bad}]: <nil> (invalid CIDR address: ${blocks[bad] ?? ''})`;
    errors.push(internalError(path, `invalid PodCIDRs. failed to check with dual stack with error:${problem}`));
  }
  const dual = bad < 0 && families.includes('IPv4') && families.includes('IPv6');
  if (!dual || blocks.length > 2) errors.push(invalid(path, blocks, 'may specify no more than one CIDR for each IP family'));
}

function validatePodCIDRsKept(errors: FieldError[], spec: NodeSpec, before: NodeSpec): void {
  const old = before.podCIDRs ?? [];
  if (old.length === 0) return;
  const now = spec.podCIDRs ?? [];
  const text = 'node updates may not change podCIDR except from "" to valid';
  if (now.length !== old.length) errors.push(forbidden(SPEC.child('podCIDRs'), text));
  else for (const [index, block] of old.entries()) if (block !== now[index]) errors.push(forbidden(SPEC.child('podCIDRs'), text));
}

function validateAddresses(errors: FieldError[], node: Node): void {
  const seen = new Set<string>();
  (node.status?.addresses ?? []).forEach((address, index) => {
    const key = `${address.type} ${address.address}`;
    if (seen.has(key))
      errors.push(duplicate(Path.of('status', 'addresses').index(index), { Type: address.type, Address: address.address }));
    seen.add(key);
  });
}

const SPEC = Path.of('spec');
const TAINTS = Path.of('metadata', 'taints');
const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
