import assert from 'node:assert/strict';
import { readSchedulerConfiguration } from '../../../../../src/cluster/schedulerConfiguration.ts';

const HEAD = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' };
const args = (name: string, value: object): object => ({ profiles: [{ pluginConfig: [{ name, args: value }] }] });
const plugins = (sets: object): object => ({ profiles: [{ plugins: sets }] });
const START = 'initializing profiles: creating profile for scheduler name default-scheduler: ';
const AT = 'profiles[0].pluginConfig[0].args';
const ratio = (shape: readonly object[]): object =>
  args('NodeResourcesFit', { scoringStrategy: { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape } } });

/** Undefined: it is accepted. */
const TABLE: readonly (readonly [what: string, given: object, error: string | undefined])[] = [
  ['nothing but its kind', {}, undefined],
  ['what does not matter here', { parallelism: 8, leaderElection: { leaderElect: false }, clientConnection: { qps: 50 } }, undefined],
  [
    'another version',
    { apiVersion: 'kubescheduler.config.k8s.io/v1beta3' },
    'no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta3" in scheme "kubescheduler"',
  ],
  ['unknown fields', { foo: 1, profiles: [{ bar: 2 }] }, 'strict decoding error: unknown field "foo", unknown field "profiles[0].bar"'],
  [
    'another type',
    { percentageOfNodesToScore: 'x' },
    'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.percentageOfNodesToScore of type int32',
  ],
  ['no parallelism', { parallelism: 0 }, 'parallelism: Invalid value: 0: should be an integer value greater than zero'],
  ['too many percent', { percentageOfNodesToScore: 101 }, 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]'],
  [
    'the same name twice',
    { profiles: [{ schedulerName: 'a' }, { schedulerName: 'a' }] },
    'profiles[1].schedulerName: Duplicate value: "a"',
  ],
  ['no names', { profiles: [{}, {}] }, '[profiles[0].schedulerName: Required value, profiles[1].schedulerName: Required value]'],
  ['extenders', { extenders: [{ urlPrefix: 'http://x' }] }, 'extenders: there is no network behind the simulated scheduler to call them'],
  ['an unknown plugin', plugins({ filter: { enabled: [{ name: 'Foo' }] } }), `${START}FilterPlugin "Foo" does not exist`],
  [
    'an unknown plugin everywhere',
    plugins({ multiPoint: { enabled: [{ name: 'Foo' }] } }),
    `${START}MultiPointPlugin "Foo" does not exist`,
  ],
  [
    'a plugin where it has no part',
    plugins({ filter: { enabled: [{ name: 'ImageLocality' }] } }),
    `${START}plugin "ImageLocality" does not extend FilterPlugin plugin`,
  ],
  [
    'a plugin twice',
    plugins({ score: { enabled: [{ name: 'ImageLocality' }, { name: 'ImageLocality' }] } }),
    `${START}plugin "ImageLocality" already registered as "ScorePlugin"`,
  ],
  [
    'no binder',
    plugins({ multiPoint: { disabled: [{ name: 'DefaultBinder' }] } }),
    `${START}at least one bind plugin is needed for profile with scheduler name "default-scheduler"`,
  ],
  [
    'no order of the queue',
    plugins({ multiPoint: { disabled: [{ name: '*' }] } }),
    `${START}only one queue sort plugin required for profile with scheduler name "default-scheduler", but got 0`,
  ],
  [
    'the same arguments twice',
    { profiles: [{ pluginConfig: [{ name: 'NodeAffinity' }, { name: 'NodeAffinity' }] }] },
    'profiles[0].pluginConfig[1]: Duplicate value: "NodeAffinity"',
  ],
  [
    'an unknown argument',
    args('InterPodAffinity', { hard: 1 }),
    'decoding args for plugin "InterPodAffinity": strict decoding error: unknown field "hard"',
  ],
  [
    'too heavy a weight',
    args('InterPodAffinity', { hardPodAffinityWeight: 101 }),
    `${AT}.hardPodAffinityWeight: Invalid value: 101: not in valid range [0-100]`,
  ],
  ['other timeouts', args('VolumeBinding', { bindTimeoutSeconds: 5 }), undefined],
  [
    'a timeout before its beginning',
    args('VolumeBinding', { bindTimeoutSeconds: -1 }),
    `${AT}.bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value`,
  ],
  [
    'no candidates',
    args('DefaultPreemption', { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 }),
    `[${AT}.minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute, ` +
      `${AT}.minCandidateNodesAbsolute: Invalid value: 0: cannot be zero at the same time as minCandidateNodesPercentage]`,
  ],
  [
    'a share of more than all',
    args('DefaultPreemption', { minCandidateNodesPercentage: 101 }),
    `${AT}.minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100]`,
  ],
  [
    'weights where all are equal',
    args('NodeResourcesBalancedAllocation', { resources: [{ name: 'cpu', weight: 2 }] }),
    `${AT}.resources[0].weight: Invalid value: 2: resource weight of NodeResourcesBalancedAllocation can only be 1`,
  ],
  ['timeouts of devices', args('DynamicResources', { filterTimeout: '0s', bindingTimeout: '1m' }), undefined],
  [
    'too short a timeout of devices',
    args('DynamicResources', { bindingTimeout: '10ms' }),
    `${AT}.bindingTimeout: Invalid value: "10ms": must be at least 1 second`,
  ],
  ['other pauses', { podInitialBackoffSeconds: 2, podMaxBackoffSeconds: 4 }, undefined],
  ['no pause', { podInitialBackoffSeconds: 0 }, 'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0'],
  [
    'a longest pause below the first',
    { podMaxBackoffSeconds: 0 },
    'podMaxBackoffSeconds: Invalid value: 0: must be greater than or equal to PodInitialBackoffSeconds',
  ],
  [
    'an unknown strategy',
    args('NodeResourcesFit', { scoringStrategy: { type: 'Best' } }),
    `${AT}.scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
  ],
  [
    'a resource without weight',
    args('NodeResourcesFit', { scoringStrategy: { resources: [{ name: 'cpu', weight: 0 }] } }),
    `${AT}.scoringStrategy.resources[0].weight: Invalid value: 0: resource weight of cpu not in valid range [1, 100]`,
  ],
  ['no shape', ratio([]), `${AT}.scoringStrategy.shape: Required value: at least one point must be specified`],
  [
    'a shape that goes back',
    ratio([
      { utilization: 50, score: 0 },
      { utilization: 50, score: 11 },
    ]),
    `[${AT}.scoringStrategy.shape[1].utilization: Invalid value: 50: utilization values must be sorted in increasing order, ${AT}.scoringStrategy.shape[1].score: Invalid value: 11: not in valid range [0-10]]`,
  ],
  [
    'constraints beside the defaults',
    args('PodTopologySpread', {
      defaultingType: 'System',
      defaultConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway' }],
    }),
    `${AT}.defaultingType: Invalid value: "System": when .defaultConstraints are not empty`,
  ],
  [
    'a constraint with a selector',
    args('PodTopologySpread', {
      defaultConstraints: [{ maxSkew: 0, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} }],
    }),
    `[${AT}.defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf), ${AT}.defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod]`,
  ],
  [
    'an affinity without terms',
    args('NodeAffinity', { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } }),
    `${AT}.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term`,
  ],
];

describe('readSchedulerConfiguration', () => {
  for (const [what, given, error] of TABLE) {
    it(`${error === undefined ? 'accepts' : 'refuses'} ${what}`, () => {
      const read = readSchedulerConfiguration(JSON.stringify({ ...HEAD, ...given }));
      assert.equal('error' in read ? read.error : undefined, error);
    });
  }

  it('refuses what is no object or no YAML', () => {
    for (const text of ['', '[]', 'a: [', 'kind: 1']) assert.ok('error' in readSchedulerConfiguration(text), text);
  });
});
