/**
 * The answers of the API server that are not objects: `kind: Status`. One constructor per reason, with its texts.
 * Invariant: a refusal is a value; only clients inside the cluster throw it, as StatusError.
 * Counterpart: k8s.io/apimachinery/pkg/api/errors.
 */
import { errorText, type ErrorList } from '../field/error.ts';

export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable';

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** Which resource a message speaks of: `pods "web" not found`, `deployments.apps "web" not found`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

/** A refusal on its way through code that cannot go on without an answer (clients within the cluster). */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'unknown');
    this.name = 'StatusError';
    this.status = status;
  }
}

export function isReason(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason;
}

export function failure(code: number, reason: StatusReason | undefined, message: string, details?: StatusDetails): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

export function notFound(resource: ResourceName, name: string): Status {
  return failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, named(resource, name));
}

export function alreadyExists(resource: ResourceName, name: string): Status {
  return failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, named(resource, name));
}

export function conflict(resource: ResourceName, name: string, text: string): Status {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${text}`, named(resource, name));
}

/** The text of the conflict that a stale resourceVersion leads to. */
export const OPTIMISTIC_LOCK_TEXT = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(resource: ResourceName, name: string, text: string): Status {
  const message = name === '' ? `${qualified(resource)} is forbidden: ${text}` : `${qualified(resource)} "${name}" is forbidden: ${text}`;
  return failure(403, 'Forbidden', message, named(resource, name));
}

export function badRequest(message: string): Status {
  return failure(400, 'BadRequest', message);
}

export function internalError(message: string): Status {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** 422: one cause stands alone, several in brackets; `details.kind` is the kind, not the plural. */
export function invalid(kind: { readonly group: string; readonly kind: string }, name: string, errors: ErrorList): Status {
  const texts = errors.map(errorText);
  const unique = [...new Set(texts)];
  const text = unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`;
  const qualifiedKind = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return failure(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: errors.map((error) => ({ reason: error.type, message: error.body, field: error.path.toString() })),
  });
}

function named(resource: ResourceName, name: string): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural };
}

function qualified(resource: ResourceName): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
