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
import { decode } from '../apimachinery/scheme/decode.ts';
import type { StructNode } from '../apimachinery/scheme/typeNode.ts';
import type { Judge, Problem } from './judge.ts';
import { parsePath } from './locate.ts';
import { isRecord } from './recognise.ts';
import { typeFault } from './typeFault.ts';

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
  const strict = decoded.strictErrors.map(strictProblem);
  if (decoded.error !== undefined) {
    return [...strict, { code: 'Decode', severity: 'error', path: placeOf(node, value, decoded.error), message: decoded.error }];
  }
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

function placeOf(node: StructNode, value: unknown, error: string): Path {
  const own = !error.startsWith('json: cannot unmarshal');
  return typeFault(node, value, own) ?? typeFault(node, value, !own) ?? Path.root;
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
