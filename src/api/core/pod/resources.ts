/**
 * Requests and limits, of a container and of the Pod as a whole.
 * Invariant: resources are walked in the order of their names; the server walks a hash map there.
 */
import { duplicate, forbidden, invalid, notFound, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { compare, quantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { PodSpec, ResourceClaim, ResourceRequirements } from '../../schema/types/core/v1.ts';
import { aggregateContainerRequests, type ResourceList } from './effective.ts';
import {
  isHugePages,
  isInteger,
  isMultipleOfPage,
  isOvercommitAllowed,
  isPodLevel,
  validateContainerResourceName,
  validateResourceName,
} from './resourceNames.ts';
import { invalidEach, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

type NameRule = (sink: Sink, name: string, path: Path) => void;

/** @param claimNames of spec.resourceClaims, which the container may refer to */
export function validateContainerResources(
  sink: Sink,
  resources: ResourceRequirements,
  claimNames: ReadonlySet<string>,
  path: Path,
  options: PodValidationOptions,
): void {
  validateRequirements(sink, resources, validateContainerResourceName, claimNames, path, options);
}

export function validatePodResources(
  sink: Sink,
  spec: PodSpec,
  claimNames: ReadonlySet<string>,
  specPath: Path,
  options: PodValidationOptions,
): void {
  const resources = spec.resources;
  if (!resources) return;
  const path = specPath.child('resources');
  if (resources.claims) sink.push(forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'));
  validateRequirements(sink, resources, validatePodLevelName, claimNames, path, options);
  validateConsistency(sink, spec, resources, path);
}

/** What a resource in `spec.overhead` must look like. */
export function validateOverhead(sink: Sink, overhead: ResourceList, path: Path, options: PodValidationOptions): void {
  validateRequirements(sink, { limits: overhead }, validateContainerResourceName, NO_CLAIMS, path, options);
}

/** Never negative, and whole where it counts things. */
export function validateResourceQuantity(sink: Sink, name: string, text: string, path: Path): void {
  const amount = quantity(text);
  if (amount.nano < 0n) sink.push(invalid(path, text, 'must be greater than or equal to 0'));
  if (isInteger(name) && amount.milli % 1000 !== 0) sink.push(invalid(path, text, 'must be an integer'));
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

function validateRequirements(
  sink: Sink,
  resources: ResourceRequirements,
  validateName: NameRule,
  claimNames: ReadonlySet<string>,
  path: Path,
  options: PodValidationOptions,
): void {
  const limits = resources.limits ?? {};
  const requests = resources.requests ?? {};
  const names = { limits: Object.keys(limits).sort(), requests: Object.keys(requests).sort() };
  for (const name of names.limits) {
    const at = path.child('limits').key(name);
    const text = limits[name] ?? '0';
    validateName(sink, name, at);
    validateResourceQuantity(sink, name, text, at);
    validatePages(sink, name, text, at, options);
  }
  for (const name of names.requests) {
    const at = path.child('requests').key(name);
    const text = requests[name] ?? '0';
    validateName(sink, name, at);
    validateResourceQuantity(sink, name, text, at);
    validateAgainstLimit(sink, name, text, limits[name], path);
    validatePages(sink, name, text, at, options);
  }
  const all = [...names.limits, ...names.requests];
  if (all.some(isHugePages) && !all.includes('cpu') && !all.includes('memory'))
    sink.push(forbidden(path, 'HugePages require cpu or memory'));
  validateClaims(sink, resources.claims ?? [], claimNames, path.child('claims'));
}

function validateAgainstLimit(sink: Sink, name: string, text: string, limit: string | undefined, path: Path): void {
  const strict = !isOvercommitAllowed(name);
  if (limit === undefined) {
    if (strict) sink.push(required(path.child('limits'), 'Limit must be set for non overcommitable resources'));
    return;
  }
  const order = compare(quantity(text), quantity(limit));
  if (strict && order !== 0) sink.push(invalid(path.child('requests'), text, `must be equal to ${name} limit of ${limit}`));
  else if (order > 0) sink.push(invalid(path.child('requests'), text, `must be less than or equal to ${name} limit of ${limit}`));
}

function validatePages(sink: Sink, name: string, text: string, path: Path, options: PodValidationOptions): void {
  if (!isHugePages(name) || options.allowIndivisibleHugePages || isMultipleOfPage(name, quantity(text))) return;
  sink.push(invalid(path, text, `${text} is not positive integer multiple of ${name}`));
}

function validatePodLevelName(sink: Sink, name: string, path: Path): void {
  if (validateResourceName(sink, name, path) && !isPodLevel(name)) sink.push(notSupported(path, name, ['cpu', 'hugepages-', 'memory']));
}

/**
 * The Pod's requests cover those of its containers together, its limits those of each. With containers of 200m and
 * 300m, a Pod that requests 400m is refused.
 */
function validateConsistency(sink: Sink, spec: PodSpec, resources: ResourceRequirements, path: Path): void {
  const total = aggregateContainerRequests(spec);
  for (const name of Object.keys(total).sort()) {
    if (!isPodLevel(name)) continue;
    const needed = total[name] ?? '0';
    const given = resources.requests?.[name] ?? '0';
    if (exceeds(needed, given)) {
      const text = `must be greater than or equal to aggregate container requests of ${needed}`;
      sink.push(invalid(path.child('requests').key(name), given, text));
    }
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const name of Object.keys(container.resources?.limits ?? {}).sort()) {
      const limit = container.resources?.limits?.[name] ?? '0';
      const podLimit = resources.limits?.[name];
      if (podLimit === undefined || !exceeds(limit, podLimit)) continue;
      const at = path.child('containers').index(index).key(name).child('limits');
      sink.push(invalid(at, limit, `must be less than or equal to pod limits of ${podLimit}`));
    }
  }
}

function exceeds(left: string, right: string): boolean {
  const amounts: readonly [Quantity, Quantity] = [quantity(left), quantity(right)];
  return compare(...amounts) > 0;
}

/** A container names a claim once as a whole, or several of its requests once each. */
function validateClaims(sink: Sink, claims: readonly ResourceClaim[], claimNames: ReadonlySet<string>, path: Path): void {
  const seen = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = path.index(index);
    const name = claim.name ?? '';
    if (name === '') {
      sink.push(required(at, ''));
      continue;
    }
    if (seen.has(name)) sink.push(duplicate(at, name));
    else seen.add(validateRequest(sink, claim, name, seen, at));
    if (!claimNames.has(name)) sink.push(unknownClaim(at, name, claimNames));
  }
}

function validateRequest(sink: Sink, claim: ResourceClaim, name: string, seen: ReadonlySet<string>, at: Path): string {
  const key = claim.request ? `${name}/${claim.request}` : name;
  if (claim.request) invalidEach(sink, at.child('request'), claim.request, isDNS1123Label(claim.request));
  if (seen.has(key)) sink.push(duplicate(at, key));
  else if (!claim.request) for (const other of seen) if (other.startsWith(`${name}/`)) sink.push(duplicate(at, name));
  return key;
}

function unknownClaim(path: Path, name: string, claimNames: ReadonlySet<string>): FieldError {
  const list = claimNames.size === 0 ? ' which is empty' : `: ${[...claimNames].sort().join(', ')}`;
  const error = notFound(path, name);
  return { ...error, body: `${error.body}: must be one of the names in pod.spec.resourceClaims${list}` };
}
