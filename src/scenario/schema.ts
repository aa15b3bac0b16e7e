/**
 * The form of a scenario file as a structural schema: what checks, completion and hovers go by.
 * Invariant: says the same as types.ts. Counterpart: the schema of a CustomResourceDefinition, whose machinery reads it.
 */
import type { CustomResourceDefinition, JSONSchemaProps } from '../api/schema/types/apiextensions/v1.ts';
import type { JSONSchema } from '../api/apiextensions/structural/jsonSchema.ts';
import { PRESET_NAMES } from '../cluster/options.ts';
import { SCENARIO_KIND } from './types.ts';

const text = (description: string): JSONSchema => ({ type: 'string', description });
const count = (description: string): JSONSchema => ({ type: 'integer', format: 'int32', minimum: 0, description });
const choice = (values: readonly string[], description: string): JSONSchema => ({ type: 'string', enum: [...values], description });
const anything = (description: string): JSONSchema => ({ 'x-kubernetes-preserve-unknown-fields': true, description });
const listOf = (items: JSONSchema, description: string): JSONSchema => ({ type: 'array', items, description });
const mapOf = (properties: Readonly<Record<string, JSONSchema>>, description: string, required: readonly string[] = []): JSONSchema => ({
  type: 'object',
  description,
  properties,
  ...(required.length === 0 ? {} : { required: [...required] }),
});
const bound = (description: string): JSONSchema => ({ 'x-kubernetes-int-or-string': true, description });
const freeMap = (description: string): JSONSchema => ({
  type: 'object',
  description,
  additionalProperties: { 'x-kubernetes-preserve-unknown-fields': true },
});

const OBJECT = 'An object as kubectl names it: `deployment/web`, `pod/db-0`, `node/worker-1`.';

const EXPECTATION = mapOf(
  {
    object: text(`${OBJECT} It must be there, or be \`absent\`, and have these \`fields\`.`),
    absent: { type: 'boolean', description: 'There must be no such object.' },
    fields: freeMap(
      'What must stand where, by path: `status.readyReplicas: 3`. A list item is named by its number or its type or name: `status.conditions[Available].status: "True"`. Instead of a value a map of `equals`, `atLeast`, `atMost`, `matches`, `absent`.',
    ),
    count: text('A resource as kubectl names it (`pods`, `deploy`): how many objects there are. Default: at least one.'),
    selector: text('Counts only objects with such labels: `app=web,tier!=cache`.'),
    where: freeMap('Counts only objects with these fields, by path, as in `fields`.'),
    event: text('The reason of events: how often it was told. Default: at least once.'),
    about: text('Only events about this object; `*` stands for any part: `pod/web-*`.'),
    type: choice(['Normal', 'Warning'], 'Only events of this type.'),
    message: text('Only events whose message matches this regular expression.'),
    lost: text('The name of a Load: how many of its requests got no good answer. Default: none.'),
    took: text('The name of a step: how much virtual time it took.'),
    namespace: text("Where to look. Default: the scenario's namespace; `*`: everywhere."),
    equals: anything('Exactly this.'),
    atLeast: bound('This or more: a number, a quantity or a duration.'),
    atMost: bound('This or less: a number, a quantity or a duration.'),
    matches: text('A regular expression that fits.'),
  },
  'What must hold.',
);

const MANIFESTS: Readonly<Record<string, JSONSchema>> = {
  apply: listOf({ type: 'string' }, 'Manifests, as files or folders seen from this file, applied as kubectl does it.'),
  objects: listOf({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, 'Objects, written here, applied as kubectl does it.'),
};

const NAMED: Readonly<Record<string, JSONSchema>> = { name: text('What it is called in this scenario and in the cluster.') };

const STEP = mapOf(
  {
    name: text('What this step is called in reports, and by `took`.'),
    namespace: text("For objects of this step that name none. Default: the scenario's."),
    refused: mapOf(
      {
        reason: text('The reason, as the API server gives it: `Forbidden`, `Invalid`.'),
        message: text('A regular expression that the message fits.'),
      },
      'The API server must refuse the act.',
    ),
    ...MANIFESTS,
    delete: mapOf(
      {
        object: text(`${OBJECT} In \`pod/web-*\` the \`*\` stands for any part: the first by name that fits.`),
        gracePeriodSeconds: count('As `kubectl delete --grace-period`.'),
        propagationPolicy: choice(['Background', 'Foreground', 'Orphan'], 'As `kubectl delete --cascade`.'),
      },
      'Deletes an object.',
      ['object'],
    ),
    scale: mapOf({ object: text(OBJECT), replicas: count('How many there shall be.') }, 'As `kubectl scale`.', ['object', 'replicas']),
    patch: mapOf(
      {
        object: text(OBJECT),
        type: choice(['json', 'merge', 'strategic'], 'How the patch is meant. Default: merge.'),
        patch: anything('What is changed: a map, or for `json` a list of operations.'),
        subresource: text('`status`, `scale`, …'),
      },
      'As `kubectl patch`.',
      ['object', 'patch'],
    ),
    restart: text('As `kubectl rollout restart`: `deployment/web`.'),
    undo: text('As `kubectl rollout undo`: `deployment/web`.'),
    cordon: text('The name of a node that takes no further Pods.'),
    uncordon: text('The name of a node that takes Pods again.'),
    drain: text('The name of a node whose Pods are evicted, as `kubectl drain --ignore-daemonsets --delete-emptydir-data`.'),
    fault: mapOf(NAMED, 'Something goes wrong from now on: a Fault.', ['name']),
    recover: text('The name of a Fault that ends.'),
    load: mapOf(NAMED, 'Requests come from now on: a Load.', ['name']),
    endLoad: text('The name of a Load that ends.'),
    wait: text(
      'Lets virtual time pass: a duration such as `30s`, or until the cluster is `stable` (nothing is under way but heartbeats and probes) or `settled` (every Pod is ready, at its end or held up by something, and none has changed for 20 seconds).',
    ),
    until: listOf(EXPECTATION, 'Lets virtual time pass until all of this holds.'),
    within: text('How long `until`, `drain` and `wait: settled` may take. Default: 5m.'),
    expect: listOf(EXPECTATION, 'What must hold now.'),
  },
  'One act, and what belongs to it.',
);

const SCENARIO = mapOf(
  {
    title: text('A sentence that says what this scenario shows.'),
    cluster: mapOf(
      {
        preset: choice(PRESET_NAMES, 'Which cluster it is. Default: default.'),
        nodes: count("How many worker nodes, instead of the preset's."),
        config: text('A ClusterConfig of eksctl or a Cluster of kind that says what the cluster is made of, seen from this file.'),
        seed: text('Where chance begins. The same seed gives the same run.'),
      },
      'The cluster. Virtual time begins at 2026-01-05T00:00:00Z.',
    ),
    namespace: text('For objects that name none. Default: default.'),
    given: mapOf(MANIFESTS, 'What is there before the story begins: it is applied, and the cluster settles.'),
    steps: listOf(STEP, 'What is done, in turn.'),
    never: listOf(EXPECTATION, 'What must not hold at any moment from the first step on.'),
    expect: listOf(EXPECTATION, 'What must hold at the end.'),
  },
  'A story of a cluster: what there is, what is done, what must come of it. `kubepad test` and the Test Explorer run it in virtual time.',
);

export const SCENARIO_DEFINITION: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'scenarios.kubepad.dev' },
  spec: {
    group: 'kubepad.dev',
    names: { plural: 'scenarios', singular: 'scenario', kind: SCENARIO_KIND, listKind: 'ScenarioList' },
    scope: 'Cluster',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCENARIO as JSONSchemaProps } }],
  },
};
