/**
 * Names of resources: which belong to Kubernetes, which to a vendor, and what follows from that.
 * Counterpart: k8s.io/kubernetes/pkg/apis/core/helper.
 */
import { invalid } from '../../../apimachinery/field/error.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { parseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { invalidEach, type Sink } from './sink.ts';

const HUGE_PAGES = 'hugepages-';

const COUNTED: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const CONTAINER: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

const STANDARD: ReadonlySet<string> = new Set([
  ...CONTAINER,
  ...COUNTED,
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);

export function isHugePages(name: string): boolean {
  return name.startsWith(HUGE_PAGES);
}

/** Unprefixed, or within kubernetes.io. */
export function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** A vendor's resource, such as `example.com/gpu`: whole numbers, never overcommitted. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
}

/** Requests may be lower than limits. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

export function isInteger(name: string): boolean {
  return COUNTED.has(name) || isExtended(name);
}

/** What may be set for the Pod as a whole. */
export function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePages(name);
}

/** `hugepages-2Mi` comes in multiples of 2Mi. */
export function isMultipleOfPage(name: string, amount: Quantity): boolean {
  const size = parseQuantity(name.slice(HUGE_PAGES.length));
  if (!('quantity' in size) || size.quantity.value <= 0 || size.quantity.milli % 1000 !== 0) return false;
  return amount.value % size.quantity.value === 0;
}

/** Returns whether the name is well formed; only then may a caller say more about it. */
export function validateResourceName(sink: Sink, name: string, path: Path): boolean {
  const problems = isQualifiedName(name);
  invalidEach(sink, path, name, problems);
  if (problems.length > 0) return false;
  if (name.includes('/') || STANDARD.has(name) || isHugePages(name) || name.startsWith(`requests.${HUGE_PAGES}`)) return true;
  sink.push(invalid(path, name, 'must be a standard resource type or fully qualified'));
  return false;
}

export function validateContainerResourceName(sink: Sink, name: string, path: Path): void {
  if (CONTAINER.has(name)) return;
  validateResourceName(sink, name, path);
  if (!name.includes('/')) {
    if (!isHugePages(name)) sink.push(invalid(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name)) {
    sink.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
}
