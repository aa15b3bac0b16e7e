import { compare, formatQuantity, isZero, quantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { ResourceList } from '../../../api/core/pod/effective.ts';
import type { LimitRangeItem } from '../../../api/schema/types/core/v1.ts';

/** What one object asks for. */
export interface Demand {
  readonly requests: ResourceList;
  /** Undefined: objects of the kind have none, and the request is held against the maximum. */
  readonly limits: ResourceList | undefined;
}

type Bounds = Pick<LimitRangeItem, 'type' | 'min' | 'max' | 'maxLimitRequestRatio'>;

/** What of a demand lies outside the bounds, in the words of the API server. */
export function limitProblems({ type, min, max, maxLimitRequestRatio }: Bounds, demand: Demand): readonly string[] {
  return [
    ...entries(min).map(([name, bound]) => minimumProblem(type, name, bound, demand)),
    ...entries(max).map(([name, bound]) => maximumProblem(type, name, bound, demand)),
    ...(demand.limits === undefined ? [] : entries(maxLimitRequestRatio)).map(([name, bound]) => ratioProblem(type, name, bound, demand)),
  ].filter((problem) => problem !== undefined);
}

function entries(list: ResourceList | undefined): readonly (readonly [string, Quantity])[] {
  return Object.entries(list ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => [name, quantity(text)]);
}

function minimumProblem(type: string, name: string, bound: Quantity, { requests, limits }: Demand): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const request = requests[name];
  const limit = limits?.[name];
  if (request === undefined) return `${head}.  No request is specified`;
  if (compare(quantity(request), bound) < 0) return `${head}, but request is ${request}`;
  return limit !== undefined && compare(quantity(limit), bound) < 0 ? `${head}, but limit is ${limit}` : undefined;
}

function maximumProblem(type: string, name: string, bound: Quantity, { requests, limits }: Demand): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`;
  const request = requests[name];
  const isOver = (text: string): boolean => compare(quantity(text), bound) > 0;
  if (limits === undefined) {
    if (request === undefined) return `${head}.  No request is specified`;
    return isOver(request) ? `${head}, but request is ${request}` : undefined;
  }
  const limit = limits[name];
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (isOver(limit)) return `${head}, but limit is ${limit}`;
  return request !== undefined && isOver(request) ? `${head}, but request is ${request}` : undefined;
}

/** How many times the request the limit may be. Example: request 100m, limit 500m and a bound of 2 give a ratio of 5. */
function ratioProblem(type: string, name: string, bound: Quantity, { requests, limits }: Demand): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${formatQuantity(bound)}`;
  const request = quantity(requests[name]);
  const limit = quantity(limits?.[name]);
  if (isZero(request)) return `${head}, but no request is specified or request is 0`;
  if (isZero(limit)) return `${head}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nano) / Number(request.nano);
  return ratio * 1000 > bound.milli ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
