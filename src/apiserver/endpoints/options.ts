/**
 * The query parameters and bodies that say how a write is to be done.
 * Counterpart: k8s.io/apimachinery/pkg/apis/meta/v1/validation.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { validateFieldManager } from '../../apimachinery/validation/objectMeta.ts';
import { byteLength } from '../../apimachinery/validation/text.ts';
import type { FieldValidation } from '../../api/decodeBody.ts';
import type { DeleteOptions, RequestContext } from '../request.ts';
import { readDeleteBody } from './deleteBody.ts';
import type { HttpRequest } from './http.ts';

export type WriteKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

export interface WriteOptions {
  readonly context: RequestContext;
  readonly fieldValidation: FieldValidation;
  /** An apply takes fields away from other managers. */
  readonly force: boolean;
}

interface OptionError {
  readonly field: string;
  readonly reason: string;
  readonly body: string;
}

/** @param isApply a PATCH that applies a configuration */
export function writeOptions(request: HttpRequest, kind: WriteKind, isApply = false): WriteOptions | Status {
  const { query } = request;
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const manager = query.get('fieldManager') ?? '';
  const problems: OptionError[] = [];
  if (isApply && manager === '')
    problems.push({ field: 'fieldManager', reason: 'FieldValueRequired', body: 'Required value: is required for apply patch' });
  if (kind === 'PatchOptions' && !isApply && query.has('force'))
    problems.push({ field: 'force', reason: 'FieldValueForbidden', body: 'Forbidden: may not be specified for non-apply patch' });
  for (const { path, type, body } of validateFieldManager(manager, Path.of('fieldManager')))
    problems.push({ field: path.toString(), reason: type, body });
  problems.push(...dryRunErrors(dryRun));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation)) {
    const body = `Unsupported value: "${fieldValidation}": supported values: "", "Ignore", "Strict", "Warn"`;
    problems.push({ field: 'fieldValidation', reason: 'FieldValueNotSupported', body });
  }
  if (problems.length > 0) return invalidOptions(kind, problems);
  return {
    context: { user: request.user, fieldManager: manager === '' ? defaultManager(request) : manager, dryRun: dryRun.length > 0 },
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    force: booleanOf(query.get('force')) ?? false,
  };
}

/** Options of a DELETE: the body counts, else the query. `dryRun` counts in either. */
export function deleteOptions(request: HttpRequest): { readonly context: RequestContext; readonly options: DeleteOptions } | Status {
  const given = readDeleteBody(request);
  const body = given ?? {};
  if ('status' in body) return body;
  const { query } = request;
  const asked = query.get('gracePeriodSeconds') ?? '';
  if (given === undefined && asked !== '' && !/^[-+]?[0-9]+$/.test(asked))
    return errors.badRequest(`strconv.ParseInt: parsing ${quote(asked)}: invalid syntax`);
  const grace = body.gracePeriodSeconds ?? (given !== undefined || asked === '' ? undefined : Number(asked));
  const orphan = body.orphanDependents ?? booleanOf(query.get('orphanDependents'));
  const policy = body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  const dryRun = [...(body.dryRun ?? []), ...query.getAll('dryRun').filter((value) => value !== '')];
  const problems: OptionError[] = [];
  if (orphan !== undefined && policy !== undefined) {
    problems.push({
      field: 'propagationPolicy',
      reason: 'FieldValueInvalid',
      body: `Invalid value: "${policy}": orphanDependents and deletionPropagation cannot be both set`,
    });
  }
  if (policy !== undefined && !['Orphan', 'Background', 'Foreground'].includes(policy)) {
    const text = `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`;
    problems.push({ field: 'propagationPolicy', reason: 'FieldValueNotSupported', body: text });
  }
  problems.push(...dryRunErrors(dryRun));
  if (problems.length > 0) return invalidOptions('DeleteOptions', problems);
  const propagationPolicy = (policy ??
    (orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background')) as DeleteOptions['propagationPolicy'];
  return {
    context: { user: request.user, fieldManager: defaultManager(request), dryRun: dryRun.length > 0 },
    options: {
      ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
      ...(body.preconditions === undefined ? {} : { preconditions: body.preconditions }),
    },
  };
}

/** `kubectl/v1.36.3 (linux/amd64) …` manages as `kubectl`; of a name that is too long, or holds what cannot be printed, the rest. */
function defaultManager({ headers }: HttpRequest): string {
  let name = '';
  for (const character of (headers['user-agent'] ?? '').split('/')[0] ?? '') {
    if (!PRINTABLE.test(character)) continue;
    if (byteLength(name) + byteLength(character) > MAX_MANAGER_BYTES) break;
    name += character;
  }
  return name;
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const MAX_MANAGER_BYTES = 128;

function dryRunErrors(values: readonly string[]): readonly OptionError[] {
  if (values.every((value) => value === 'All')) return [];
  return [
    { field: 'dryRun', reason: 'FieldValueNotSupported', body: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"` },
  ];
}

function invalidOptions(kind: string, problems: readonly OptionError[]): Status {
  const texts = problems.map(({ field, body }) => `${field}: ${body}`);
  const text = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  return errors.failure(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: ${text}`, {
    group: 'meta.k8s.io',
    kind,
    causes: problems.map(({ field, reason, body }) => ({ reason, message: body, field })),
  });
}

/** Only `0` and `false` say no. */
function booleanOf(text: string | null): boolean | undefined {
  return text === null ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}
