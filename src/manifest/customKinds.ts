/**
 * Custom resources in the editor: a CustomResourceDefinition that is at hand serves its kinds there, applied or not.
 * Invariant: pure; a definition that the API server would refuse serves nothing.
 * Counterpart: the CRD handler of kube-apiserver, without a cluster.
 */
import type { Draft } from '../base/json.ts';
import { decodeCustom } from '../api/apiextensions/customresource/decode.ts';
import { kindsOf, schemaOf, type CustomKind } from '../api/apiextensions/customresource/kind.ts';
import { recordedForm } from '../api/apiextensions/customresource/recordedForm.ts';
import { NOT_CHECKED } from '../api/apiextensions/customresource/strategy.ts';
import { prepareCreate } from '../api/pipeline.ts';
import { strategyForKind } from '../api/register.ts';
import { nodeOf } from '../api/scheme.ts';
import type { CustomResourceDefinition } from '../api/schema/types/apiextensions/v1.ts';
import { Path } from '../apimachinery/field/path.ts';
import { errorText, type FieldError } from '../apimachinery/field/error.ts';
import { apiVersion, type KubeObject } from '../apimachinery/meta/resource.ts';
import { decode } from '../apimachinery/scheme/decode.ts';
import type { SchemaSet } from '../apimachinery/scheme/schema.ts';
import { strictProblem, warningProblem } from './apiJudge.ts';
import type { Judge, Problem } from './judge.ts';
import { objectsOf } from './lists.ts';
import { parsePath } from './locate.ts';
import { readDocument } from './yaml/document.ts';
import { isRecord } from './recognise.ts';
import { splitDocuments } from './yaml/split.ts';

const DEFINITION = 'CustomResourceDefinition';

/** The definitions in a text that the API server would take. */
export function definitionsIn(text: string): readonly CustomResourceDefinition[] {
  if (!text.includes(DEFINITION)) return [];
  return splitDocuments(text).flatMap((part) => {
    if (!part.text.includes(DEFINITION)) return [];
    const { value } = readDocument(part.text);
    return isRecord(value) ? objectsOf(value).flatMap(([object]) => accepted(object) ?? []) : [];
  });
}

function accepted(value: Readonly<Record<string, unknown>>): CustomResourceDefinition | undefined {
  if (value['kind'] !== DEFINITION) return undefined;
  const strategy = strategyForKind(String(value['apiVersion']), DEFINITION);
  const node = strategy === undefined ? undefined : nodeOf(strategy.resource);
  if (strategy === undefined || node === undefined || (value['metadata'] !== undefined && !isRecord(value['metadata']))) return undefined;
  const decoded = decode(node, value);
  if (decoded.error !== undefined) return undefined;
  const { object, errors } = prepareCreate(strategy, decoded.object as unknown as Draft<KubeObject>, { namespace: '' });
  return errors.length === 0 ? (object as CustomResourceDefinition) : undefined;
}

/** A judge that knows the kinds of definitions beside its own, which come first. */
export function withDefinitions(judge: Judge, definitions: readonly CustomResourceDefinition[]): Judge {
  const custom = new Map<string, CustomKind>();
  for (const kind of definitions.flatMap(kindsOf)) {
    const key = `${apiVersion(kind.type)}/${kind.type.kind}`;
    if (!judge.kinds.has(key)) custom.set(key, kind);
  }
  if (custom.size === 0) return judge;
  return {
    kinds: new Set([...judge.kinds, ...custom.keys()]),
    schemas: extended(judge.schemas, custom),
    judge: (value) => {
      const kind = custom.get(`${String(value['apiVersion'])}/${String(value['kind'])}`);
      return kind === undefined ? judge.judge(value) : judgeCustom(kind, value);
    },
  };
}

function extended(schemas: SchemaSet, custom: ReadonlyMap<string, CustomKind>): SchemaSet {
  const definitions: Record<string, SchemaSet['definitions'][string]> = { ...schemas.definitions };
  const kinds: Record<string, string> = { ...schemas.kinds };
  for (const [key, { version }] of custom) {
    const name = `custom/${key}`;
    definitions[name] = recordedForm(schemaOf(version));
    kinds[key] = name;
  }
  return { definitions, kinds };
}

function judgeCustom({ type, strategy }: CustomKind, value: Readonly<Record<string, unknown>>): readonly Problem[] {
  const { object, error, strictErrors } = decodeCustom(value, type.schemas.get(type.version), { keys: new Map(), numbers: new Map() });
  const strict = strictErrors.map(strictProblem);
  if (error !== undefined) return [...strict, { code: 'Decode', severity: 'error', path: Path.of('metadata'), message: error }];
  const { errors, warnings } = prepareCreate(strategy, object, { namespace: 'default' });
  return [
    ...strict,
    ...errors.map((each): Problem => ({
      code: each.type,
      // What was left out because of other errors is no mistake of its own.
      severity: each.body.endsWith(NOT_CHECKED) ? 'information' : 'error',
      path: placeOf(each),
      message: errorText(each),
    })),
    ...warnings.map(warningProblem),
  ];
}

/** The paths of rules are texts; of some errors the path is in their words only, and some are about the whole. */
function placeOf({ path, body }: FieldError): Path {
  const text = path.toString();
  if (text !== '<nil>') return parsePath(text);
  const [, field, last] = /: "([^"]+)" must |must be of type .* in (\S+)$/.exec(body) ?? [];
  return parsePath(field ?? last ?? '');
}
