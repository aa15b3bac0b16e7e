import { compileTyped } from '../../api/cel/admission.ts';
import { kindType } from '../../api/cel/kindType.ts';
import type {
  ExpressionWarning,
  MatchResources,
  ParamKind,
  ValidatingAdmissionPolicy,
} from '../../api/schema/types/admissionregistration/v1.ts';
import { Path } from '../../apimachinery/field/path.ts';
import type { Type } from '../../apimachinery/cel/types.ts';
import type { ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Catalog } from '../../apiserver/catalog.ts';

const MAX_TYPES = 10;

/**
 * What is wrong with the expressions of a policy for the kinds that it is about, so far as it names them.
 * Counterpart: TypeChecker of k8s.io/apiserver/pkg/admission/plugin/policy/validating.
 */
export function typeWarnings({ spec = {} }: ValidatingAdmissionPolicy, catalog: Catalog): readonly ExpressionWarning[] {
  const kinds = kindsToCheck(spec.matchConstraints, catalog).flatMap((kind) => {
    const object = kindType(kind);
    return object === undefined ? [] : [{ kind, object }];
  });
  const { paramKind } = spec;
  const params = paramKind === undefined ? undefined : paramsType(paramKind, catalog);
  const warnings: ExpressionWarning[] = [];
  const check = (expression: string, path: Path): void => {
    const problems = kinds.flatMap(({ kind, object }) => {
      const problem = compileTyped(expression, spec.variables ?? [], {
        object,
        ...(paramKind === undefined ? {} : { params: true }),
        ...(params === undefined ? {} : { paramsType: params }),
      });
      return problem === undefined ? [] : [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${problem}\n`];
    });
    if (problems.length > 0) warnings.push({ fieldRef: path.toString(), warning: problems.join('\n') });
  };
  for (const [index, { expression, messageExpression = '' }] of (spec.validations ?? []).entries()) {
    const path = Path.of('spec', 'validations').index(index);
    check(expression, path.child('expression'));
    if (messageExpression !== '') check(messageExpression, path.child('messageExpression'));
  }
  return warnings;
}

/** Rules with stars say nothing about types. */
function kindsToCheck(match: MatchResources | undefined, catalog: Catalog): readonly ResourceType[] {
  const found = new Map<string, ResourceType>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of match?.resourceRules ?? []) {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) continue;
    const plurals = resources.filter((name) => !/[*/]/.test(name)).toSorted();
    let count = 0;
    for (const group of apiGroups.toSorted())
      for (const version of apiVersions.toSorted())
        for (const plural of plurals) {
          const type = catalog.find(group, version, plural)?.type;
          if (type === undefined || count >= MAX_TYPES) continue;
          found.set(`${group}/${version}/${type.kind}`, type);
          count++;
        }
  }
  return [...found].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, type]) => type);
}

function paramsType({ apiVersion = '', kind = '' }: ParamKind, catalog: Catalog): Type | undefined {
  const strategy = catalog.strategyForKind(apiVersion, kind);
  return strategy === undefined ? undefined : kindType(strategy.resource);
}
