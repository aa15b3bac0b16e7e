/**
 * The query parameters of lists and watches, and what is wrong with them.
 * Counterpart: k8s.io/apimachinery/pkg/apis/meta/internalversion/validation.ValidateListOptions.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { forbidden, notSupported, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { flagOf } from './http.ts';

const MATCH = Path.of('resourceVersionMatch');
const EXACT = 'Exact';
const NOT_OLDER = 'NotOlderThan';

/** @returns the refusal of the request, undefined if its parameters can be followed */
export function checkListOptions(query: URLSearchParams): Status | undefined {
  for (const name of ['limit', 'timeoutSeconds']) {
    const text = query.get(name);
    if (text !== null && !/^[+-]?\d+$/.test(text)) return errors.badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  }
  const problems = flagOf(query, 'watch') === true ? watchProblems(query) : listProblems(query);
  return problems.length === 0 ? undefined : errors.invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', problems);
}

function listProblems(query: URLSearchParams): readonly FieldError[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const problems: FieldError[] = [];
  if (match !== '') {
    if (version === '') problems.push(forbidden(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if ((query.get('continue') ?? '') !== '')
      problems.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== EXACT && match !== NOT_OLDER) problems.push(notSupported(MATCH, match, [EXACT, NOT_OLDER, '']));
    if (match === EXACT && version === '0')
      problems.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (flagOf(query, 'sendInitialEvents') !== undefined)
    problems.push(forbidden(Path.of('sendInitialEvents'), 'sendInitialEvents is forbidden for list'));
  return problems;
}

function watchProblems(query: URLSearchParams): readonly FieldError[] {
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = flagOf(query, 'sendInitialEvents');
  const problems: FieldError[] = [];
  if (initial !== undefined && match !== NOT_OLDER)
    problems.push(forbidden(MATCH, `sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER}`));
  if (match === '') return problems;
  if (initial === undefined)
    problems.push(forbidden(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  if (match !== NOT_OLDER) problems.push(notSupported(MATCH, match, [NOT_OLDER]));
  if ((query.get('continue') ?? '') !== '') problems.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
  return problems;
}
