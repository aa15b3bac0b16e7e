/**
 * The judge of the editor: exactly the functions that the API server runs on a create request.
 * Invariant: pure; what needs a cluster (admission, names that are taken) is not asked.
 * Counterpart: decoding, defaulting and validation of kube-apiserver.
 */
import type { Draft } from '../base/json.ts';
import { prepareCreate } from '../api/pipeline.ts';
import { RESOURCES, strategyForKind } from '../api/register.ts';
import { nodeOf, SCHEMAS } from '../api/scheme.ts';
import { errorText } from '../apimachinery/field/error.ts';
import { Path } from '../apimachinery/field/path.ts';
import { apiVersion, type KubeObject } from '../apimachinery/meta/resource.ts';
import { decode, type Decoded } from '../apimachinery/scheme/decode.ts';
import type { StructNode } from '../apimachinery/scheme/typeNode.ts';
import type { Judge, Problem } from './judge.ts';
import { parsePath } from './locate.ts';
import { isRecord } from './recognise.ts';

export function createApiJudge(): Judge {
  const kinds = new Set<string>();
  for (const resource of RESOURCES) {
    const version = apiVersion(resource);
    if (strategyForKind(version, resource.kind) !== undefined) kinds.add(`${version}/${resource.kind}`);
  }
  return { schemas: SCHEMAS, kinds, judge };
}

function judge(value: Readonly<Record<string, unknown>>): readonly Problem[] {
  const strategy = strategyForKind(String(value['apiVersion']), String(value['kind']));
  const node = strategy === undefined ? undefined : nodeOf(strategy.resource);
  if (strategy === undefined || node === undefined) return [];
  if (value['metadata'] !== undefined && !isRecord(value['metadata']) && value['metadata'] !== null) {
    return [{ code: 'Decode', severity: 'error', path: Path.of('metadata'), message: 'metadata must be a map' }];
  }
  const decoded = decode(node, value);
  if (decoded.error !== undefined) return undecodable(node, value, decoded);
  const strict = decoded.strictErrors.map(strictProblem);
  const object = decoded.object as unknown as Draft<KubeObject>;
  if (strategy.resource.kind === 'Pod') asAdmitted(object);
  const prepared = prepareCreate(strategy, object, { namespace: 'default' });
  return [
    ...strict,
    ...prepared.errors.map((error): Problem => ({ code: error.type, severity: 'error', path: error.path, message: errorText(error) })),
    ...prepared.warnings.map(warningProblem),
  ];
}

/** The object as a create request would have it before admission; undefined: of no kind that is served, or it cannot be decoded. */
export function defaulted(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const strategy = strategyForKind(String(value['apiVersion']), String(value['kind']));
  const node = strategy === undefined ? undefined : nodeOf(strategy.resource);
  if (strategy === undefined || node === undefined || !isRecord(value['metadata'] ?? {})) return undefined;
  const decoded = decode(node, value);
  if (decoded.error !== undefined) return undefined;
  const object = decoded.object as unknown as Draft<KubeObject>;
  strategy.defaults?.(object);
  return object as unknown as Readonly<Record<string, unknown>>;
}

/** Before a Pod is validated, admission gives one that names no service account that of its namespace. */
function asAdmitted(pod: Draft<KubeObject>): void {
  const spec: unknown = (pod as { readonly spec?: unknown }).spec;
  if (!isRecord(spec) || (spec['serviceAccountName'] ?? '') !== '' || (spec['serviceAccount'] ?? '') !== '') return;
  Object.assign(spec, { serviceAccountName: 'default', serviceAccount: 'default' });
}

/**
 * All that cannot be decoded. The API server stops at the first of it, and would name the next one as soon as that is mended: the same
 * decoder reads on without what is wrong so far. What an object without it would lack is not told.
 */
function undecodable(node: StructNode, value: Readonly<Record<string, unknown>>, first: Decoded): readonly Problem[] {
  const wrong: Problem[] = [];
  let rest: unknown = value;
  let decoded = first;
  while (decoded.error !== undefined && wrong.length < MOST_UNDECODABLE) {
    const path = decoded.errorAt ?? Path.root;
    wrong.push({ code: 'Decode', severity: 'error', path, message: decoded.error });
    if (path === Path.root) break;
    rest = without(
      rest,
      path.segments().map(({ segment }) => segment),
    );
    decoded = decode(node, rest);
  }
  return [...decoded.strictErrors.map(strictProblem), ...wrong];
}

const MOST_UNDECODABLE = 50;

/** A copy with null at the end of a way, which stands for no value whatever the type. */
function without(value: unknown, [step, ...rest]: readonly (string | number)[]): unknown {
  if (step === undefined) return null;
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item, index) => (index === step ? without(item, rest) : item));
  return isRecord(value) ? { ...value, [step]: without(value[step], rest) } : value;
}

/** `unknown field "spec.foo"`, `duplicate field "metadata.name"` */
export function strictProblem(message: string): Problem {
  const path = parsePath(/"(.*)"$/.exec(message)?.[1] ?? '');
  return { code: message.startsWith('duplicate') ? 'DuplicateField' : 'UnknownField', severity: 'error', path, message };
}

/** Warnings are texts; most begin with the field they speak of. */
export function warningProblem(message: string): Problem {
  const path = /^((?:metadata|spec|status|data|subsets|webhooks)[\w.[\]/-]*)(?::| )/.exec(message)?.[1] ?? '';
  return { code: 'Warning', severity: 'warning', path: parsePath(path), message };
}
