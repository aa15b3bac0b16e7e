/**
 * GET pods/NAME/log: what a container has written, and with `follow` what it goes on to write.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/pod/rest/log.go and pkg/apis/core/validation.ValidatePodLogOptions.
 */
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import * as field from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { plainText, refuse } from '../answer.ts';
import type { HttpAnswer, WatchStream } from '../http.ts';
import type { LogOptions, LogReader, NodeApi } from '../nodeApi.ts';
import type { ResourceRequest } from '../resource.ts';
import { containerProblem } from './containerName.ts';

const KIND = { group: '', version: 'v1', kind: 'PodLogOptions' };
const POSITIVE = 'must be greater than 0';

export function readLog(context: ResourceRequest, pod: Pod): HttpAnswer {
  const { api, request, info, encoding, host } = context;
  const { query } = request;
  const invalid = validate(query);
  if (invalid.length > 0) return refuse(errors.invalid(KIND, '', invalid), encoding);
  const named = query.get('container') ?? '';
  const problem = containerProblem(pod, named);
  if (problem !== undefined) return refuse(errors.badRequest(problem), encoding);
  // A Pod that runs nowhere has written nothing.
  if ((pod.spec?.nodeName ?? '') === '') return { ...plainText(204, ''), headers: {} };
  if (host.nodes === undefined) return refuse(errors.failure(503, 'ServiceUnavailable', 'no kubelet can be reached', {}), encoding);
  const container = named === '' ? (pod.spec?.containers[0]?.name ?? '') : named;
  const unreachable = host.nodes.unreachable(pod, `/containerLogs/${info.namespace}/${info.name}/${container}`);
  if (unreachable !== undefined) return refuse(errors.failure(500, undefined, unreachable, {}), encoding);
  const log = host.nodes.logs(pod, container, logOptions(query, api.registry.now()));
  if (typeof log === 'string') return refuse(errors.failure(400, 'BadRequest', log, { name: info.name }), encoding);
  return flag(query, 'follow') ? follow(log, host.nodes) : plainText(200, log.read(), 'text/plain');
}

function follow(log: LogReader, nodes: NodeApi): WatchStream {
  return {
    kind: 'watch',
    headers: { 'Content-Type': 'text/plain' },
    timeoutMs: DAY_MS,
    read: () => log.read(),
    bookmark: () => '',
    get ended() {
      return log.ended;
    },
    onChange: (listener) => nodes.onAdvance(listener),
  };
}

const DAY_MS = 86_400_000;

function logOptions(query: URLSearchParams, nowMs: number): LogOptions {
  const tailLines = numberOf(query, 'tailLines');
  const limitBytes = numberOf(query, 'limitBytes');
  const seconds = numberOf(query, 'sinceSeconds');
  const time = Date.parse(query.get('sinceTime') ?? '');
  const sinceMs = seconds === undefined ? (Number.isNaN(time) ? undefined : time) : nowMs - seconds * 1000;
  return {
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
}

function validate(query: URLSearchParams): readonly field.FieldError[] {
  const found: field.FieldError[] = [];
  const [tail, limit, since] = ['tailLines', 'limitBytes', 'sinceSeconds'].map((name) => numberOf(query, name));
  if (tail !== undefined && tail < 0) found.push(field.invalid(Path.of('tailLines'), tail, 'must be greater than or equal to 0'));
  if (limit !== undefined && limit < 1) found.push(field.invalid(Path.of('limitBytes'), limit, POSITIVE));
  if (since !== undefined && query.has('sinceTime')) {
    found.push(field.forbidden(Path.root, 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (since !== undefined && since < 1) found.push(field.invalid(Path.of('sinceSeconds'), since, POSITIVE));
  return found;
}

function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name) === 'true' || query.get(name) === '1';
}

/** Undefined for what is no whole number. */
function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
