/**
 * The devices that somebody asks for: requests, constraints between them, configuration.
 * Invariant: a reference names a request of the same claim, or a subrequest after a slash.
 * Counterpart: validateDeviceClaim of k8s.io/kubernetes/pkg/apis/resource/validation.
 */
import type { Draft } from '../../base/json.ts';
import { invalid, notSupported, required } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';
import { invalidEach, type Sink } from '../core/pod/sink.ts';
import type { DeviceClaim, DeviceConstraint, DeviceRequest, DeviceSubRequest, ExactDeviceRequest } from '../schema/types/resource/v1.ts';
import { MAX_CONFIGURATIONS, validateConfiguration, validateSelectors, type DeviceOptions } from './configuration.ts';
import { validateList, validateSet } from './lists.ts';
import { validateFullyQualifiedName, validateLabel } from './names.ts';
import { validateDeviceTolerations } from './taints.ts';

const MAX_REQUESTS = 32;
const MAX_CONSTRAINTS = 32;
const MAX_SUBREQUESTS = 8;

export function defaultDeviceClaim(claim: Draft<DeviceClaim> | undefined): void {
  for (const request of claim?.requests ?? [])
    for (const part of [...(request.exactly ? [request.exactly] : []), ...(request.firstAvailable ?? [])]) defaultRequest(part);
}

function defaultRequest(request: Draft<ExactDeviceRequest | DeviceSubRequest>): void {
  if (((request.allocationMode as string | undefined) ?? '') === '') request.allocationMode = 'ExactCount';
  if (request.allocationMode === 'ExactCount' && (request.count ?? 0) === 0) request.count = 1;
  for (const toleration of request.tolerations ?? [])
    if (((toleration.operator as string | undefined) ?? '') === '') toleration.operator = 'Equal';
}

export function validateDeviceClaim(sink: Sink, claim: DeviceClaim, path: Path, options: DeviceOptions): void {
  const names = gatherRequestNames(claim);
  validateSet(
    sink,
    claim.requests,
    MAX_REQUESTS,
    path.child('requests'),
    (to, request, at) => validateRequest(to, request, at, options),
    (request) => request.name ?? '',
  );
  validateList(sink, claim.constraints, MAX_CONSTRAINTS, path.child('constraints'), (to, constraint, at) =>
    validateConstraint(to, constraint, at, names),
  );
  validateList(sink, claim.config, MAX_CONFIGURATIONS, path.child('config'), (to, configuration, at) => {
    validateRequestReferences(to, configuration.requests, at, names);
    validateConfiguration(to, configuration, at, options);
  });
}

/** Requests by name, with the names of their subrequests. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export function gatherRequestNames(claim: DeviceClaim | undefined): RequestNames {
  return new Map(
    (claim?.requests ?? []).map(({ name = '', firstAvailable = [] }) => [name, new Set(firstAvailable.map((one) => one.name ?? ''))]),
  );
}

export function validateRequestReferences(sink: Sink, references: readonly string[] | undefined, parent: Path, names: RequestNames): void {
  validateSet(
    sink,
    references,
    MAX_REQUESTS,
    parent.child('requests'),
    (to, name, path) => validateRequestReference(to, name, path, names),
    (name) => name,
  );
}

export function validateRequestReference(sink: Sink, reference: string, path: Path, names: RequestNames): void {
  const parts = reference.split('/');
  const text = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  if (parts.length <= 2) {
    for (const part of parts) validateLabel(sink, part, path);
    const [request = '', subrequest] = parts;
    const subrequests = names.get(request);
    if (subrequests !== undefined && (subrequest === undefined || subrequests.has(subrequest))) return;
  }
  sink.push(invalid(path, reference, text));
}

function validateRequest(sink: Sink, request: DeviceRequest, path: Path, options: DeviceOptions): void {
  validateLabel(sink, request.name ?? '', path.child('name'));
  const { exactly, firstAvailable = [] } = request;
  const text = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly === undefined && firstAvailable.length === 0) sink.push(required(path, text));
  else if (exactly === undefined)
    validateSet(
      sink,
      firstAvailable,
      MAX_SUBREQUESTS,
      path.child('firstAvailable'),
      (to, subrequest, at) => {
        validateLabel(to, subrequest.name ?? '', at.child('name'));
        validateExactRequest(to, subrequest, at, options);
      },
      (subrequest) => subrequest.name ?? '',
    );
  else if (firstAvailable.length > 0) sink.push(invalid(path, null, `${text}, but multiple fields are set`));
  else validateExactRequest(sink, exactly, path.child('exactly'), options);
}

function validateExactRequest(sink: Sink, request: ExactDeviceRequest | DeviceSubRequest, path: Path, options: DeviceOptions): void {
  const name = (request.deviceClassName as string | undefined) ?? '';
  const namePath = path.child('deviceClassName');
  if (name === '') sink.push(required(namePath, ''));
  else invalidEach(sink, namePath, name, isDNS1123Subdomain(name));
  validateSelectors(sink, request.selectors, path, options);
  const mode: string = request.allocationMode ?? '';
  const count = request.count ?? 0;
  if (mode === 'All') {
    if (count !== 0) sink.push(invalid(path.child('count'), count, "must not be specified when allocationMode is 'All'"));
  } else if (mode === 'ExactCount') {
    if (count <= 0) sink.push(invalid(path.child('count'), count, 'must be greater than zero'));
  } else sink.push(notSupported(path.child('allocationMode'), mode, ['All', 'ExactCount']));
  validateDeviceTolerations(sink, request.tolerations, path);
}

function validateConstraint(sink: Sink, constraint: DeviceConstraint, path: Path, names: RequestNames): void {
  validateRequestReferences(sink, constraint.requests, path, names);
  const { matchAttribute, distinctAttribute } = constraint;
  if (matchAttribute !== undefined) validateFullyQualifiedName(sink, matchAttribute, path.child('matchAttribute'));
  else if (distinctAttribute !== undefined) validateFullyQualifiedName(sink, distinctAttribute, path.child('distinctAttribute'));
  // The server says so although none is set.
  else sink.push(required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'));
}
