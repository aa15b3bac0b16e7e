import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { jsonEqual } from '../../../base/json.ts';
import type { Event, EventSource, ObjectReference } from '../../schema/types/core/v1.ts';

/**
 * What every Event must satisfy, whichever API it came through. Events with an eventTime are of the new kind and must
 * say who reports what; the older ones must only agree with their object about the namespace.
 */
export function validateEvent(event: Event): ErrorList {
  const errors: FieldError[] = [];
  const namespace = event.metadata.namespace ?? '';
  const about = event.involvedObject.namespace ?? '';
  if (isUnset(event.eventTime)) {
    const agrees = about === '' ? namespace === '' || namespace === 'default' : about === namespace;
    if (!agrees) errors.push(invalid(INVOLVED_NAMESPACE, about, NAMESPACE_MISMATCH));
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') {
      errors.push(invalid(INVOLVED_NAMESPACE, about, NAMESPACE_MISMATCH));
    }
    validateReport(errors, event);
  }
  for (const text of isDNS1123Subdomain(namespace)) errors.push(invalid(Path.of('namespace'), namespace, text));
  return errors;
}

/** Of what is created through events.k8s.io/v1. Fields are named as in core/v1, as in the API server. */
export function validateNewEvent(event: Event): ErrorList {
  const errors: FieldError[] = [...validateEvent(event), ...validateSeries(event)];
  if (isUnset(event.eventTime)) errors.push(required(Path.of('eventTime'), ''));
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(invalid(Path.of('type'), '', `has invalid value: ${event.type ?? ''}`));
  }
  for (const name of ['firstTimestamp', 'lastTimestamp'] as const) {
    if (!isUnset(event[name])) errors.push(invalid(Path.of(name), '', 'needs to be unset'));
  }
  if ((event.count ?? 0) !== 0) errors.push(invalid(Path.of('count'), '', 'needs to be unset'));
  if ((event.source?.component ?? '') !== '' || (event.source?.host ?? '') !== '') {
    errors.push(invalid(Path.of('source'), '', 'needs to be unset'));
  }
  return errors;
}

/** Of what is updated through events.k8s.io/v1: only the series may change. */
export function validateNewEventUpdate(event: Event, old: Event): ErrorList {
  const errors: FieldError[] = [...validateEvent(event)];
  if (!jsonEqual(event.series, old.series)) errors.push(...validateSeries(event));
  const immutable = (name: string, value: unknown, before: unknown): void => {
    errors.push(...validateImmutable(value, before, Path.of(name)));
  };
  const text = (name: 'reason' | 'message' | 'type' | 'action'): void => {
    immutable(name, event[name] ?? '', old[name] ?? '');
  };
  immutable('involvedObject', printedReference(event.involvedObject), printedReference(old.involvedObject));
  text('reason');
  text('message');
  immutable('source', printedSource(event.source), printedSource(old.source));
  immutable('firstTimestamp', event.firstTimestamp ?? null, old.firstTimestamp ?? null);
  immutable('lastTimestamp', event.lastTimestamp ?? null, old.lastTimestamp ?? null);
  immutable('count', event.count ?? 0, old.count ?? 0);
  text('reason');
  text('type');
  immutable('eventTime', event.eventTime ?? null, old.eventTime ?? null);
  text('action');
  immutable('related', event.related && printedReference(event.related), old.related && printedReference(old.related));
  immutable('reportingController', event.reportingComponent ?? '', old.reportingComponent ?? '');
  immutable('reportingInstance', event.reportingInstance ?? '', old.reportingInstance ?? '');
  return errors;
}

function validateReport(errors: FieldError[], event: Event): void {
  const controller = event.reportingComponent ?? '';
  if (controller === '') errors.push(required(Path.of('reportingController'), ''));
  for (const text of isQualifiedName(controller)) errors.push(invalid(Path.of('reportingController'), controller, text));
  requireWithin(errors, 'reportingInstance', event.reportingInstance ?? '', 128);
  requireWithin(errors, 'action', event.action ?? '', 128);
  requireWithin(errors, 'reason', event.reason ?? '', 128);
  if (byteLength(event.message ?? '') > 1024) errors.push(invalid(Path.of('message'), '', 'can have at most 1024 characters'));
}

function requireWithin(errors: FieldError[], name: string, value: string, limit: number): void {
  if (value === '') errors.push(required(Path.of(name), ''));
  if (byteLength(value) > limit) errors.push(invalid(Path.of(name), '', `can have at most ${limit} characters`));
}

function validateSeries(event: Event): ErrorList {
  const errors: FieldError[] = [];
  if (event.series === undefined) return errors;
  if ((event.series.count ?? 0) < 2) errors.push(invalid(Path.of('series', 'count'), '', 'should be at least 2'));
  if (isUnset(event.series.lastObservedTime)) errors.push(required(Path.of('series', 'lastObservedTime'), ''));
  return errors;
}

function isUnset(time: string | null | undefined): boolean {
  return time === undefined || time === null || time === '';
}

/** Messages print the members under their names inside the server, all of them, in this order. */
function printedReference(reference: ObjectReference): object {
  const { kind = '', namespace = '', name = '', uid = '', apiVersion = '', resourceVersion = '', fieldPath = '' } = reference;
  return {
    Kind: kind,
    Namespace: namespace,
    Name: name,
    UID: uid,
    APIVersion: apiVersion,
    ResourceVersion: resourceVersion,
    FieldPath: fieldPath,
  };
}

function printedSource(source: EventSource | undefined): object {
  return { Component: source?.component ?? '', Host: source?.host ?? '' };
}

const INVOLVED_NAMESPACE = Path.of('involvedObject', 'namespace');
const NAMESPACE_MISMATCH = 'does not match event.namespace';
