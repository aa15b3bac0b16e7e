/**
 * Where in a text stands what a refusal or a warning speaks of, while a person types and after an apply alike.
 * Invariant: the first of the fields to blame that is written; else what there is of the first one. Counterpart: none.
 */
import type { ValidatingAdmissionPolicy } from '../../../api/schema/types/admissionregistration/v1.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { YamlDocument } from '../../../manifest/yaml/document.ts';
import { locate, parsePath } from '../../../manifest/locate.ts';
import type { Diagnostic } from '../../../manifest/model.ts';
import type { ManifestObject } from '../manifestDocuments.ts';
import { fieldsToBlame, type Steps } from './blame.ts';

export type Said = Pick<Diagnostic, 'message' | 'severity' | 'code'>;
export type PolicyOf = (name: string) => ValidatingAdmissionPolicy | undefined;

/** For words that name no field path. */
export function blamedFor(yaml: YamlDocument, item: ManifestObject, said: Said, policy: PolicyOf): Diagnostic {
  const { apiVersion = '', kind = '' } = item.ref ?? {};
  const expressionsOf = (name: string): readonly string[] => expressions(policy(name), said.message);
  const fields = fieldsToBlame({ message: said.message, apiVersion, kind, object: item.object, expressionsOf });
  return placedAt(yaml, item, fields.map(pathOf), said);
}

/** @param paths from the object's root, the likeliest first */
export function placedAt(yaml: YamlDocument, { prefix }: ManifestObject, paths: readonly Path[], said: Said): Diagnostic {
  const base = prefix === '' ? Path.root : parsePath(prefix);
  const places = paths.map((path) => ({ path, place: locate(yaml, below(base, path)) }));
  const best = places.find(({ place }) => place.complete) ?? places[0];
  const place = best?.place ?? locate(yaml, base);
  const range = place.complete ? place.value : place.key;
  return { ...said, range, path: best?.path.toString() ?? '', fixes: [] };
}

/** Those that a message quotes, by their own words or by those that were written for them; else those that make their words; else all. */
function expressions(policy: ValidatingAdmissionPolicy | undefined, message: string): readonly string[] {
  const { validations = [], variables = [] } = policy?.spec ?? {};
  const quoted = validations.filter(
    ({ expression, message: own = '' }) => message.includes(expression) || (own !== '' && message.includes(own)),
  );
  const making = validations.filter(({ messageExpression = '' }) => messageExpression !== '');
  const chosen = quoted.length > 0 ? quoted : making.length > 0 ? making : validations;
  return chosen.flatMap(({ expression }) => [
    expression,
    ...variables.filter((variable) => expression.includes(`variables.${variable.name}`)).map((variable) => variable.expression),
  ]);
}

function pathOf(steps: Steps): Path {
  return steps.reduce<Path>((path, step) => (typeof step === 'number' ? path.index(step) : path.child(step)), Path.root);
}

function below(base: Path, path: Path): Path {
  return path
    .segments()
    .reduce<Path>((joined, { segment }) => (typeof segment === 'number' ? joined.index(segment) : joined.child(segment)), base);
}
