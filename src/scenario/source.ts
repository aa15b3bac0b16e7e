/**
 * Scenario files as texts: which documents are scenarios, where their parts stand, what is wrong with them.
 * Invariant: reading never throws; a scenario with errors is not run. Counterpart: none in Kubernetes.
 */
import type { Node } from 'yaml';
import { Path } from '../apimachinery/field/path.ts';
import type { UnknownObject } from '../apimachinery/meta/resource.ts';
import { diagnoseDocument } from '../manifest/diagnose.ts';
import { readDocument, type YamlDocument } from '../manifest/yaml/document.ts';
import type { Judge } from '../manifest/judge.ts';
import { locate } from '../manifest/locate.ts';
import type { Diagnostic, Range } from '../manifest/model.ts';
import { headOf, isRecord } from '../manifest/recognise.ts';
import { splitDocuments } from '../manifest/yaml/split.ts';
import { ACTS, isScenario, type Act, type Scenario, type Step } from './types.ts';

/** By what the files of scenarios are known. */
export const SCENARIO_FILE = /\.k8stest\.ya?ml$/i;

export interface ScenarioSource {
  readonly name: string;
  readonly title: string;
  readonly range: Range;
  readonly steps: readonly StepSource[];
  /** Empty if it can be run. */
  readonly problems: readonly Diagnostic[];
  readonly scenario: Scenario;
  /** Where something of it stands. */
  rangeOf(path: Path): Range;
}

export interface StepSource {
  readonly label: string;
  readonly act: Act;
  readonly step: Step;
  readonly range: Range;
  /** The line after its last one. */
  readonly endLine: number;
}

/** The scenarios of a file, in its order. A text that is none gives one with the problem. */
export function readScenarios(judge: Judge, text: string): readonly ScenarioSource[] {
  return splitDocuments(text).flatMap(({ line, text: own }) => {
    const document = readDocument(own, line);
    const { value } = document;
    if (document.syntax.length === 0 && (value === null || value === undefined)) return [];
    return [isRecord(value) && isScenario(value) ? sourceOf(judge, document, value) : broken(judge, document)];
  });
}

function sourceOf(judge: Judge, document: YamlDocument, value: Readonly<Record<string, unknown>>): ScenarioSource {
  const problems = diagnoseDocument(judge, document).filter(({ severity }) => severity === 'error');
  const scenario = value as unknown as Scenario;
  const rangeOf = (path: Path): Range => locate(document, path).key;
  const name = headOf(value)?.name ?? '';
  const steps = problems.length > 0 ? [] : (scenario.steps ?? []).flatMap((step, index) => stepOf(document, step, index) ?? []);
  return {
    name,
    title: typeof scenario.title === 'string' ? scenario.title : name,
    range: headOfText(document),
    steps,
    problems,
    scenario,
    rangeOf,
  };
}

function stepOf(document: YamlDocument, step: Step, index: number): StepSource | undefined {
  const act = ACTS.find((each) => step[each] !== undefined);
  if (act === undefined) return undefined;
  const { key: range, node } = locate(document, STEPS.index(index));
  const end = (node as Node | null | undefined)?.range?.[1];
  const endLine = end === undefined ? range.end.line + 1 : document.lines.position(end).line;
  return { label: step.name ?? labelOf(act, step), act, step, range, endLine };
}

/** `scale deployment/web to 5`. */
function labelOf(act: Act, step: Step): string {
  switch (act) {
    case 'apply':
      return `apply ${(step.apply ?? []).join(', ')}`;
    case 'objects':
      return `apply ${(step.objects ?? []).map(subjectOf).join(', ')}`;
    case 'delete':
      return `delete ${step.delete?.object ?? ''}`;
    case 'scale':
      return `scale ${step.scale?.object ?? ''} to ${step.scale?.replicas ?? ''}`;
    case 'patch':
      return `patch ${step.patch?.object ?? ''}`;
    case 'fault':
      return `${step.fault?.type ?? 'fault'} ${step.fault?.name ?? ''}`;
    case 'recover':
      return `the fault ${step.recover ?? ''} ends`;
    case 'load':
      return `load ${step.load?.name ?? ''}`;
    case 'endLoad':
      return `the load ${step.endLoad ?? ''} ends`;
    case 'until':
    case 'expect':
      return `${act} ${(step[act] ?? []).map((each) => each.object ?? each.count ?? each.event ?? each.lost ?? each.took ?? '').join(', ')}`;
    case 'restart':
    case 'undo':
    case 'cordon':
    case 'uncordon':
    case 'drain':
    case 'wait':
      return `${act} ${step[act] ?? ''}`;
  }
}

function subjectOf({ kind = '', metadata }: UnknownObject): string {
  return `${kind.toLowerCase()}/${(metadata as UnknownObject['metadata'] | undefined)?.name ?? ''}`;
}

function broken(judge: Judge, document: YamlDocument): ScenarioSource {
  const range = headOfText(document);
  const found = document.syntax.length > 0 ? diagnoseDocument(judge, document) : [];
  const none: Diagnostic = { range, severity: 'error', message: 'is no Scenario of kubepad.dev/v1', code: 'Scenario', path: '', fixes: [] };
  const scenario: Scenario = { apiVersion: '', kind: '', metadata: { name: '' } };
  return { name: '', title: '', range, steps: [], problems: found.length > 0 ? found : [none], scenario, rangeOf: () => range };
}

function headOfText(document: YamlDocument): Range {
  return locate(document, METADATA).key;
}

/** The objects of a manifest that a scenario names; a problem where it cannot be read. */
export function objectsIn(text: string): readonly UnknownObject[] | { readonly error: string } {
  const objects: UnknownObject[] = [];
  for (const { line, text: own } of splitDocuments(text)) {
    const { value, syntax } = readDocument(own, line);
    const [problem] = syntax;
    if (problem !== undefined) return { error: `line ${problem.range.start.line + 1}: ${problem.message}` };
    if (!isRecord(value) || headOf(value) === undefined || isScenario(value)) continue;
    objects.push({ ...value, metadata: isRecord(value['metadata']) ? value['metadata'] : {} });
  }
  return objects;
}

const STEPS = Path.of('steps');
const METADATA = Path.of('metadata', 'name');
