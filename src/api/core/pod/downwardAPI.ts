/** References to a Pod's own fields: in environment variables and in downward API volumes. */
import { invalid, notSupported, required } from '../../../apimachinery/field/error.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type {
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from '../../schema/types/core/v1.ts';
import { validateLocalNonReservedPath } from './paths.ts';
import { validateMode } from './volumesCommon.ts';
import { invalidEach, requireText, type Sink } from './sink.ts';

export const ENV_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const VOLUME_FIELDS: readonly string[] = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** What the v1 API knows as a field of a Pod that can be referred to; `spec.host` is the old name of spec.nodeName. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.host',
]);

/** @param supported the fields that may be referred to here */
export function validateObjectFieldSelector(
  sink: Sink,
  selector: Partial<ObjectFieldSelector>,
  supported: readonly string[],
  path: Path,
): void {
  if (!selector.apiVersion) {
    sink.push(required(path.child('apiVersion'), ''));
    return;
  }
  const fieldPath = selector.fieldPath;
  if (!fieldPath) {
    sink.push(required(path.child('fieldPath'), ''));
    return;
  }
  if (selector.apiVersion !== 'v1') {
    sink.push(invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: unsupported pod version: ${selector.apiVersion}`));
    return;
  }
  const subscripted = SUBSCRIPT.exec(fieldPath);
  if (subscripted) return validateSubscript(sink, fieldPath, subscripted[1] ?? '', subscripted[2] ?? '', path);
  if (!KNOWN_FIELDS.has(fieldPath)) {
    sink.push(invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`));
    return;
  }
  const name = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!supported.includes(name)) sink.push(notSupported(path.child('fieldPath'), name, supported));
}

/** `metadata.labels['app']` */
const SUBSCRIPT = /^(.*?)\['(.*)'\]$/s;

function validateSubscript(sink: Sink, fieldPath: string, base: string, key: string, path: Path): void {
  if (base === 'metadata.annotations') invalidEach(sink, path, key.toLowerCase(), isQualifiedName(key.toLowerCase()));
  else if (base === 'metadata.labels') invalidEach(sink, path, key, isQualifiedName(key));
  else
    sink.push(
      invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: field label does not support subscript: ${fieldPath}`),
    );
}

const RESOURCES: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** @param inVolume a volume belongs to no container, so the container must be named */
export function validateResourceFieldSelector(sink: Sink, selector: Partial<ResourceFieldSelector>, path: Path, inVolume: boolean): void {
  const resource = selector.resource ?? '';
  if (inVolume && !selector.containerName) sink.push(required(path.child('containerName'), ''));
  else if (resource === '') sink.push(required(path.child('resource'), ''));
  else if (!RESOURCES.includes(resource) && !isHugePages(resource)) sink.push(notSupported(path.child('resource'), resource, RESOURCES));
  validateDivisor(sink, resource, selector.divisor, path);
}

const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

function validateDivisor(sink: Sink, resource: string, divisor: string | undefined, path: Path): void {
  if (divisor === undefined || quantity(divisor).nano === 0n) return;
  const name = divisorName(resource);
  if (name === undefined) return;
  if (name === 'cpu') {
    if (divisor !== '1m' && divisor !== '1')
      sink.push(invalid(path.child('divisor'), resource, "only divisor's values 1m and 1 are supported with the cpu resource"));
  } else if (!BYTE_DIVISORS.includes(divisor)) {
    const text = `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${name} resource`;
    sink.push(invalid(path.child('divisor'), resource, text));
  }
}

function divisorName(resource: string): string | undefined {
  if (isHugePages(resource)) return 'hugepages';
  if (!RESOURCES.includes(resource)) return undefined;
  const name = resource.slice(resource.indexOf('.') + 1);
  return name === 'ephemeral-storage' ? 'local ephemeral storage' : name;
}

function isHugePages(resource: string): boolean {
  return resource.startsWith('requests.hugepages-') || resource.startsWith('limits.hugepages-');
}

/** Errors of the files carry no index; that is how the server reports them. */
export function validateDownwardAPIVolume(sink: Sink, source: DownwardAPIVolumeSource, path: Path): void {
  validateMode(sink, source.defaultMode, path, 'defaultMode');
  for (const file of source.items ?? []) validateDownwardAPIFile(sink, file, path);
}

export function validateDownwardAPIFile(sink: Sink, file: Partial<DownwardAPIVolumeFile>, path: Path): void {
  requireText(sink, file.path, path, 'path');
  validateLocalNonReservedPath(sink, file.path ?? '', path.child('path'));
  if (file.fieldRef) {
    validateObjectFieldSelector(sink, file.fieldRef, VOLUME_FIELDS, path.child('fieldRef'));
    if (file.resourceFieldRef) sink.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (file.resourceFieldRef) {
    validateResourceFieldSelector(sink, file.resourceFieldRef, path.child('resourceFieldRef'), true);
  } else {
    sink.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  }
  validateMode(sink, file.mode, path, 'mode');
}
