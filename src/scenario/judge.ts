/**
 * A judge that knows scenario files beside the kinds of the API: their form, then what a form cannot say.
 * Invariant: pure, and for all other kinds exactly the judge that it was made of. Counterpart: none in Kubernetes.
 */
import type { Schema, SchemaSet } from '../apimachinery/scheme/schema.ts';
import { withDefinitions } from '../manifest/customKinds.ts';
import type { Judge } from '../manifest/judge.ts';
import { checkScenario } from './check.ts';
import { SCENARIO_DEFINITION } from './schema.ts';
import { isScenario, SCENARIO_KIND, SCENARIO_VERSION } from './types.ts';

export function withScenarios(judge: Judge): Judge {
  const extended = withDefinitions(judge, [SCENARIO_DEFINITION]);
  return {
    kinds: extended.kinds,
    schemas: withSpecs(extended.schemas),
    judge: (value) => {
      const problems = extended.judge(value);
      if (!isScenario(value)) return problems;
      // Where a value has another type than it must, more would be said of what cannot be read.
      const isReadable = problems.every(({ code }) => code === 'UnknownField' || code === 'Warning');
      const own = isReadable ? checkScenario(judge, value) : [];
      // What faults and loads may hold, their own kinds say better.
      return [...problems.filter(({ code, path }) => code !== 'UnknownField' || !/\.(fault|load)\./.test(path.toString())), ...own];
    },
  };
}

/** The step's `fault` and `load` have the fields of the specs of these kinds. */
function withSpecs({ definitions, kinds }: SchemaSet): SchemaSet {
  const name = kinds[`${SCENARIO_VERSION}/${SCENARIO_KIND}`] ?? '';
  const scenario = definitions[name];
  const steps = scenario?.properties?.['steps'];
  const step = steps?.items;
  if (scenario === undefined || steps === undefined || step === undefined) return { definitions, kinds };
  const specOf = (kind: string): Schema => {
    const own = step.properties?.[kind.toLowerCase()];
    const spec = definitions[`dev.kubepad.v1.${kind}Spec`];
    return { ...own, properties: { ...own?.properties, ...spec?.properties } };
  };
  const items = { ...step, properties: { ...step.properties, fault: specOf('Fault'), load: specOf('Load') } };
  return {
    kinds,
    definitions: { ...definitions, [name]: { ...scenario, properties: { ...scenario.properties, steps: { ...steps, items } } } },
  };
}
