/**
 * Which fields of an object a refusal or a warning of admission speaks of, where it names no field path itself.
 * Invariant: reads the text and the object, decides nothing; what is not recognised is about the object, and so about its name.
 * Counterpart: none; the plugins of kube-apiserver know what they looked at, and say it in prose.
 */
import type { Container, PodSpec } from '../../../api/schema/types/core/v1.ts';
import { isRecord } from '../../../manifest/recognise.ts';
import { POD_TEMPLATES } from '../../../manifest/references/podTemplates.ts';

/** A way from the object's root; a text after a list is the name of an item. */
export type Steps = readonly (string | number)[];

export interface Blamed {
  readonly message: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: unknown;
  /** The expressions of an admission policy. */
  readonly expressionsOf: (policy: string) => readonly string[];
}

const NAME: readonly Steps[] = [
  ['metadata', 'name'],
  ['metadata', 'generateName'],
];

/** The first of these that the text has is to blame; if it has none, what is there of the first. */
export function fieldsToBlame(blamed: Blamed): readonly Steps[] {
  for (const rule of RULES) {
    const fields = rule(blamed);
    if (fields.length > 0) return [...fields, ...NAME];
  }
  return NAME;
}

type Rule = (blamed: Blamed) => readonly Steps[];

const RULES: readonly Rule[] = [unserved, namespace, byName, podSecurity, quota, limitRange, policy];

/** Before anything else the kind is looked up. */
function unserved({ message }: Blamed): readonly Steps[] {
  return message.startsWith('no matches for kind') ? [['kind'], ['apiVersion']] : [];
}

function namespace({ message }: Blamed): readonly Steps[] {
  return /namespaces "[^"]*" not found|because it is being terminated/.test(message) ? [['metadata', 'namespace']] : [];
}

/** Objects that the Pod names and the cluster does not have. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/serviceaccount "|service account/i, 'serviceAccountName'],
  [/PriorityClass/, 'priorityClassName'],
  [/RuntimeClass/, 'runtimeClassName'],
];

function byName(blamed: Blamed): readonly Steps[] {
  const found = /not found|was found|error looking up/.test(blamed.message) && NAMED.find(([pattern]) => pattern.test(blamed.message));
  return found === undefined || found === false ? [] : [[...podAt(blamed), 'spec', found[1]]];
}

/** `violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.…=false)` */
function podSecurity(blamed: Blamed): readonly Steps[] {
  const text = /violates? PodSecurity "[^"]*": (.*)$/s.exec(blamed.message)?.[1];
  if (text === undefined) return [];
  const spec: Steps = [...podAt(blamed), 'spec'];
  const hostField = /\b(hostNetwork|hostPID|hostIPC)=true/.exec(text)?.[1];
  if (hostField !== undefined) return [[...spec, hostField]];
  const volume = /volumes? "([^"]+)"/.exec(text)?.[1];
  if (volume !== undefined) return [[...spec, 'volumes', volume]];
  const named = /containers? ((?:"[^"]+"(?:, )?)+)/.exec(text)?.[1];
  const names = [...(named ?? '').matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? []);
  const fields = (/securityContext\.([\w.]+)/.exec(text)?.[1] ?? '').split('.').filter((field) => field !== '');
  const inContext: Steps = ['securityContext', ...fields];
  const containers = names.map((name) => containerAt(blamed, name));
  if (/hostPort/.test(text)) return containers.flatMap((at) => [[...at, 'ports'], at]);
  return /must not|must only/.test(text)
    ? inContextOf(containers, inContext, spec)
    : [...inContextOf(containers, inContext, spec), ...containers.map((at) => [...at, 'securityContext']), ...containers];
}

function inContextOf(containers: readonly Steps[], field: Steps, spec: Steps): readonly Steps[] {
  return [...containers.map((at) => [...at, ...field]), [...spec, ...field]];
}

/** `exceeded quota: q, requested: requests.cpu=2, used: …`, `failed quota: q: must specify limits.cpu for: app` */
function quota(blamed: Blamed): readonly Steps[] {
  const failed = /failed quota: [^:]+: must specify (.*)$/s.exec(blamed.message)?.[1];
  if (failed !== undefined) {
    const name = / for: ([^,;]+)/.exec(failed)?.[1];
    const resource = /^(\S+)/.exec(failed)?.[1] ?? '';
    return name === undefined ? [] : demandAt(containerAt(blamed, name), resource);
  }
  const asked = /exceeded quota: [^,]+, requested: (.*?), used: /s.exec(blamed.message)?.[1];
  if (asked === undefined) return [];
  return asked.split(',').flatMap((entry) => quotaFields(blamed, entry.slice(0, entry.indexOf('='))));
}

function quotaFields(blamed: Blamed, resource: string): readonly Steps[] {
  if (blamed.kind === 'PersistentVolumeClaim') return resource.endsWith('requests.storage') ? [CLAIM_STORAGE] : [];
  if (blamed.kind === 'Service') return resource === 'services' || resource.startsWith('count/') ? [] : [['spec', 'type']];
  if (resource === 'pods' || resource.startsWith('count/')) return [];
  return containersOf(blamed).flatMap(({ at }) => demandAt(at, resource).slice(0, 1));
}

const CLAIM_STORAGE: Steps = ['spec', 'resources', 'requests', 'storage'];

/** `cpu` and `requests.cpu` ▸ `resources.requests.cpu`, else `resources`, else the container. */
function demandAt(at: Steps, resource: string): readonly Steps[] {
  const [, kind = 'requests', name = resource] = /^(requests|limits)\.(.+)$/.exec(resource) ?? [];
  return [[...at, 'resources', kind, name], [...at, 'resources'], at];
}

/** `maximum cpu usage per Container is 1, but limit is 2`, `cpu max limit to request ratio per Container is 2, but …` */
function limitRange(blamed: Blamed): readonly Steps[] {
  const bound = /(?:maximum|minimum) (\S+) usage per (\S+) is .*?(?:, but (request|limit) is ([^\s,\]]+)|\. {2}No (request|limit) is)/.exec(
    blamed.message,
  );
  const ratio = /(\S+) max limit to request ratio per (\S+) is/.exec(blamed.message);
  if (bound === null && ratio === null) return [];
  if (blamed.kind === 'PersistentVolumeClaim') return [CLAIM_STORAGE];
  const name = (bound?.[1] ?? ratio?.[1] ?? '').replace(/^\[/, '');
  const list = (bound?.[3] ?? bound?.[5]) === 'request' ? 'requests' : 'limits';
  const containers = containersOf(blamed);
  const guilty = containers.filter(({ container }) => amountOf(container, list, name) === bound?.[4]);
  const found = guilty.length > 0 ? guilty : containers;
  return [
    ...found.map(({ at }) => [...at, 'resources', list, name]),
    ...found.map(({ at }) => [...at, 'resources']),
    ...found.map(({ at }) => at),
  ];
}

function amountOf({ resources }: Container, list: 'requests' | 'limits', name: string): string | undefined {
  const amount: unknown = resources?.[list]?.[name];
  return typeof amount === 'string' || typeof amount === 'number' ? String(amount) : undefined;
}

/** `ValidatingAdmissionPolicy 'few' with binding 'all' denied request: failed expression: object.spec.replicas <= 5` */
function policy(blamed: Blamed): readonly Steps[] {
  const [, name, said = ''] = /AdmissionPolicy '([^']+)'.*?: (.*)$/s.exec(blamed.message) ?? [];
  if (name === undefined) return [];
  return [said, ...blamed.expressionsOf(name)].flatMap((expression) =>
    [...expression.matchAll(/\bobject((?:\.\??\w+)+)(\(?)/g)].flatMap(([, path = '', call]) => {
      const steps = path
        .slice(1)
        .split('.')
        .map((step) => step.replace('?', ''));
      // The last word may be a function: `object.metadata.?labels.orValue({})`.
      const fields = call === '(' ? steps.slice(0, -1) : steps;
      return fields[0] === 'spec' || fields[0] === 'metadata' || fields[0] === 'data' ? [fields] : [];
    }),
  );
}

function podAt({ apiVersion, kind }: Blamed): Steps {
  const template = POD_TEMPLATES[`${apiVersion}/${kind}`] ?? '';
  return template === '' ? [] : template.split('.');
}

function containerAt(blamed: Blamed, name: string): Steps {
  return containersOf(blamed).find(({ container }) => container.name === name)?.at ?? [...podAt(blamed), 'spec', 'containers', name];
}

function containersOf(blamed: Blamed): readonly { readonly at: Steps; readonly container: Container }[] {
  const spec: Steps = [...podAt(blamed), 'spec'];
  const found = spec.reduce((value: unknown, step) => (isRecord(value) ? value[String(step)] : undefined), blamed.object);
  // What a person writes may be of any form.
  const lists: Partial<Pick<PodSpec, 'containers' | 'initContainers'>> = isRecord(found) ? found : {};
  return (['containers', 'initContainers'] as const).flatMap((list) =>
    (Array.isArray(lists[list]) ? lists[list] : []).flatMap((container: Container, index) =>
      isRecord(container) ? [{ at: [...spec, list, index], container }] : [],
    ),
  );
}
