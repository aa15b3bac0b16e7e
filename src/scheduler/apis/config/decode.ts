import { readYaml } from '../../../apimachinery/yaml/readYaml.ts';
import { EXTENSION_POINTS, GROUP_VERSION, type KubeSchedulerConfiguration, type SchedulerProfile } from './types.ts';

/** What a member may be: a simple type of Go, a list of one, an object with members of its own, or anything. */
type Shape = 'string' | 'int32' | 'int64' | 'bool' | 'any' | readonly [Shape] | { readonly [member: string]: Shape };

const TYPE = { apiVersion: 'string', kind: 'string' } as const;
const PLUGIN_SET: Shape = { enabled: [{ name: 'string', weight: 'int32' }], disabled: [{ name: 'string', weight: 'int32' }] };
const RESOURCES: Shape = [{ name: 'string', weight: 'int64' }];
const REQUIREMENTS: Shape = [{ key: 'string', operator: 'string', values: ['string'] }];
const TERM: Shape = { matchExpressions: REQUIREMENTS, matchFields: REQUIREMENTS };

const CONFIGURATION: Shape = {
  ...TYPE,
  parallelism: 'int32',
  leaderElection: 'any',
  clientConnection: 'any',
  enableProfiling: 'bool',
  enableContentionProfiling: 'bool',
  percentageOfNodesToScore: 'int32',
  podInitialBackoffSeconds: 'int64',
  podMaxBackoffSeconds: 'int64',
  profiles: [
    {
      schedulerName: 'string',
      percentageOfNodesToScore: 'int32',
      plugins: Object.fromEntries([...EXTENSION_POINTS, 'multiPoint'].map((point) => [point, PLUGIN_SET])),
      pluginConfig: [{ name: 'string', args: 'any' }],
    },
  ],
  extenders: 'any',
  delayCacheUntilActive: 'bool',
};

const ARGS: Readonly<Record<string, Shape>> = {
  DefaultPreemption: { ...TYPE, minCandidateNodesPercentage: 'int32', minCandidateNodesAbsolute: 'int32' },
  DynamicResources: { ...TYPE, filterTimeout: 'string', bindingTimeout: 'string' },
  NodeResourcesBalancedAllocation: { ...TYPE, resources: RESOURCES },
  VolumeBinding: { ...TYPE, bindTimeoutSeconds: 'int64' },
  NodeResourcesFit: {
    ...TYPE,
    ignoredResources: ['string'],
    ignoredResourceGroups: ['string'],
    scoringStrategy: {
      type: 'string',
      resources: RESOURCES,
      requestedToCapacityRatio: { shape: [{ utilization: 'int32', score: 'int32' }], resources: RESOURCES },
    },
  },
  InterPodAffinity: { ...TYPE, hardPodAffinityWeight: 'int32', ignorePreferredTermsOfExistingPods: 'bool' },
  NodeAffinity: {
    ...TYPE,
    addedAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [TERM] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 'int32', preference: TERM }],
    },
  },
  PodTopologySpread: {
    ...TYPE,
    defaultingType: 'string',
    defaultConstraints: [
      {
        maxSkew: 'int32',
        topologyKey: 'string',
        whenUnsatisfiable: 'string',
        labelSelector: 'any',
        minDomains: 'int32',
        nodeAffinityPolicy: 'string',
        nodeTaintsPolicy: 'string',
        matchLabelKeys: ['string'],
      },
    ],
  },
};

export type Decoded = { readonly configuration: KubeSchedulerConfiguration } | { readonly error: string };

/** Reads the file that `--config` of kube-scheduler takes: strictly, the first mistake in the words of the real one. */
export function decodeConfiguration(text: string): Decoded {
  const read = readYaml(text);
  if ('error' in read) return read;
  const { value, strictErrors } = read;
  if (!isObject(value)) return { error: `json: cannot unmarshal ${goKind(value)} into Go value of type v1.KubeSchedulerConfiguration` };
  const { apiVersion = '', kind = '' } = value;
  if (typeof kind !== 'string' || kind === '') return { error: `Object 'Kind' is missing in '${JSON.stringify(value)}'` };
  if (apiVersion !== GROUP_VERSION || kind !== 'KubeSchedulerConfiguration')
    return { error: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "kubescheduler"` };
  const findings = new Findings('KubeSchedulerConfiguration');
  findings.look(value, CONFIGURATION, '', '');
  const error = findings.mismatch ?? strictText([...strictErrors, ...findings.unknown]) ?? unsupported(value);
  if (error !== undefined) return { error };
  const configuration: KubeSchedulerConfiguration = value;
  for (const profile of configuration.profiles ?? []) {
    const wrong = argsError(profile);
    if (wrong !== undefined) return { error: wrong };
  }
  return { configuration };
}

function argsError({ pluginConfig = [] }: SchedulerProfile): string | undefined {
  for (const { name, args } of pluginConfig) {
    const shape = ARGS[name];
    if (args === undefined || args === null) continue;
    // Other plugins take none, and what is given to them is not looked at.
    if (shape === undefined) continue;
    const findings = new Findings(`${name}Args`);
    findings.look(args, shape, '', '');
    const error = findings.mismatch ?? strictText(findings.unknown);
    if (error !== undefined) return `decoding args for plugin "${name}": ${error}`;
  }
  return undefined;
}

function unsupported({ extenders }: Readonly<Record<string, unknown>>): string | undefined {
  return Array.isArray(extenders) && extenders.length > 0
    ? 'extenders: there is no network behind the simulated scheduler to call them'
    : undefined;
}

function strictText(errors: readonly string[]): string | undefined {
  return errors.length === 0 ? undefined : `strict decoding error: ${errors.join(', ')}`;
}

class Findings {
  readonly unknown: string[] = [];
  mismatch: string | undefined;
  private readonly type: string;

  constructor(type: string) {
    this.type = type;
  }

  /** @param path with indexes, for unknown members @param goPath without, for values of another type */
  look(value: unknown, shape: Shape, path: string, goPath: string): void {
    if (shape === 'any' || value === null || value === undefined) return;
    if (typeof shape === 'string') {
      if (!fits(value, shape)) this.refuse(value, shape, goPath);
    } else if (isList(shape)) {
      const [item] = shape;
      if (!Array.isArray(value)) this.refuse(value, '[]', goPath);
      else for (const [index, element] of value.entries()) this.look(element, item, `${path}[${index}]`, goPath);
    } else if (!isObject(value)) this.refuse(value, 'struct', goPath);
    else {
      for (const [name, member] of Object.entries(value)) {
        const inner = shape[name];
        const at = path === '' ? name : `${path}.${name}`;
        if (inner === undefined) this.unknown.push(`unknown field "${at}"`);
        else this.look(member, inner, at, `${goPath}.${name}`);
      }
    }
  }

  private refuse(value: unknown, type: string, goPath: string): void {
    this.mismatch ??= `json: cannot unmarshal ${goKind(value)} into Go struct field ${this.type}${goPath} of type ${type}`;
  }
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fits(value: unknown, shape: string): boolean {
  if (shape === 'string') return typeof value === 'string';
  return shape === 'bool' ? typeof value === 'boolean' : Number.isInteger(value);
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'object';
}
