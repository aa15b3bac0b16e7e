/**
 * The text that a completion inserts: a field with what must stand below it, an object with its required fields.
 * Invariant: made from the schema; the additions say what every such object needs in practice though the schema does
 * not require it. Places to fill in are numbered in the order in which they stand.
 */
import type { SchemaSet } from '../../apimachinery/scheme/schema.ts';
import { fieldOf, rootField, type FieldInfo } from '../fields.ts';

/** Fields that belong into the skeleton of a definition beside the required ones, in order. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.core.v1.Container': ['image'],
  'io.k8s.api.core.v1.PodTemplateSpec': ['metadata', 'spec'],
  'io.k8s.api.core.v1.Pod': ['spec'],
  'io.k8s.api.core.v1.ServiceSpec': ['selector', 'ports'],
  'io.k8s.api.core.v1.ConfigMap': ['data'],
  'io.k8s.api.core.v1.Secret': ['stringData'],
  'io.k8s.api.core.v1.Service': ['spec'],
  'io.k8s.api.core.v1.PersistentVolumeClaim': ['spec'],
  'io.k8s.api.core.v1.PersistentVolumeClaimSpec': ['accessModes', 'resources'],
  'io.k8s.api.core.v1.VolumeResourceRequirements': ['requests'],
  'io.k8s.api.apps.v1.DeploymentSpec': ['replicas'],
  'io.k8s.api.apps.v1.ReplicaSetSpec': ['replicas', 'template'],
  'io.k8s.api.apps.v1.StatefulSetSpec': ['serviceName', 'replicas'],
  'io.k8s.api.batch.v1.JobTemplateSpec': ['spec'],
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec': ['minReplicas'],
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference': ['apiVersion'],
  'io.k8s.api.networking.v1.IngressSpec': ['rules'],
  'io.k8s.api.networking.v1.IngressRule': ['host', 'http'],
  'io.k8s.api.networking.v1.HTTPIngressPath': ['path'],
  'io.k8s.api.networking.v1.IngressBackend': ['service'],
  'io.k8s.api.networking.v1.IngressServiceBackend': ['port'],
  'io.k8s.api.networking.v1.ServiceBackendPort': ['number'],
  'io.k8s.api.networking.v1.NetworkPolicySpec': ['podSelector', 'policyTypes'],
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec': ['minAvailable', 'selector'],
  'io.k8s.api.rbac.v1.Role': ['rules'],
  'io.k8s.api.rbac.v1.ClusterRole': ['rules'],
  'io.k8s.api.rbac.v1.PolicyRule': ['apiGroups', 'resources'],
  'io.k8s.api.rbac.v1.RoleBinding': ['subjects'],
  'io.k8s.api.rbac.v1.ClusterRoleBinding': ['subjects'],
  'io.k8s.api.rbac.v1.RoleRef': ['apiGroup'],
};

/** What stands in a place to begin with, by definition and field. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'io.k8s.api.core.v1.PersistentVolumeClaimSpec.accessModes': 'ReadWriteOnce',
  'io.k8s.api.batch.v1.CronJobSpec.schedule': '"*/5 * * * *"',
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference.apiVersion': 'apps/v1',
  'io.k8s.api.autoscaling.v2.CrossVersionObjectReference.kind': 'Deployment',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec.minReplicas': '1',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec.maxReplicas': '10',
  'io.k8s.api.networking.v1.IngressRule.host': 'example.com',
  'io.k8s.api.networking.v1.HTTPIngressPath.path': '/',
  'io.k8s.api.networking.v1.HTTPIngressPath.pathType': 'Prefix',
  'io.k8s.api.networking.v1.ServiceBackendPort.number': '80',
  'io.k8s.api.networking.v1.NetworkPolicySpec.policyTypes': 'Ingress',
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec.minAvailable': '1',
  'io.k8s.api.rbac.v1.PolicyRule.apiGroups': '""',
  'io.k8s.api.rbac.v1.PolicyRule.resources': 'pods',
  'io.k8s.api.rbac.v1.PolicyRule.verbs': 'get',
  'io.k8s.api.rbac.v1.RoleRef.apiGroup': 'rbac.authorization.k8s.io',
  'io.k8s.api.rbac.v1.RoleRef.kind': 'Role',
  'io.k8s.api.rbac.v1.Subject.kind': 'ServiceAccount',
};

/** Kinds whose spec belongs into the skeleton although the schema does not ask for it. */
const WITH_SPEC = /^io\.k8s\.api\.(?:apps|batch|autoscaling|policy|networking)\./;

export class Skeleton {
  private readonly schemas: SchemaSet;
  private readonly name: string;
  private next = 1;
  /** The places that appear twice in an object and must agree get the same number: the label that selector and template share. */
  private label: number | undefined;
  /** Pods of Jobs end: they must say what becomes of a container that fails. */
  private runsToCompletion = false;

  /** @param name what objects and labels are called to begin with */
  constructor(schemas: SchemaSet, name = 'app') {
    this.schemas = schemas;
    this.name = name;
  }

  /** A whole object; @param kind `apps/v1/Deployment` */
  object(kind: string): string {
    const info = rootField(this.schemas, kind);
    if (info === undefined) return '';
    const cut = kind.lastIndexOf('/');
    this.label = this.next++;
    const lines = [`apiVersion: ${kind.slice(0, cut)}`, `kind: ${kind.slice(cut + 1)}`, 'metadata:', `  name: ${this.labelPlace()}`];
    this.runsToCompletion = kind.startsWith('batch/');
    const shown = this.shownFields(info).filter((name) => !META.has(name));
    const text = [lines.join('\n'), ...shown.map((name) => this.field(info, name, 0))].join('\n');
    return `${text}\n`;
  }

  /** `name: …` with what must stand below it; lines are indented relative to the field. */
  field(holder: FieldInfo, name: string, depth: number): string {
    const info = fieldOf(this.schemas, holder, name);
    if (info === undefined) return `${name}: ${this.place('')}`;
    return `${'  '.repeat(depth)}${name}:${this.value(info, depth)}`;
  }

  private value(info: FieldInfo, depth: number): string {
    const { schema } = info;
    const indent = '  '.repeat(depth + 1);
    if (info.definition?.endsWith('.meta.v1.LabelSelector') === true)
      return `\n${indent}matchLabels:\n${indent}  app: ${this.labelPlace()}`;
    if (info.definition?.endsWith('.meta.v1.ObjectMeta') === true && this.isKind(info.holder))
      return `\n${indent}name: ${this.label === undefined ? this.place('name') : this.labelPlace()}`;
    if (info.definition?.endsWith('.meta.v1.ObjectMeta') === true) return `\n${indent}labels:\n${indent}  app: ${this.labelPlace()}`;
    if (info.field === 'selector' && schema.additionalProperties !== undefined) return `\n${indent}app: ${this.labelPlace()}`;
    if (schema.items !== undefined) return `\n${this.item(info, depth + 1)}`;
    if (schema.properties !== undefined && depth < MAX_DEPTH) {
      const shown = this.shownFields(info);
      if (shown.length === 0) return `\n${indent}${this.place('')}`;
      const isPod = info.definition?.endsWith('.core.v1.PodSpec') === true && this.runsToCompletion;
      return `\n${shown.map((name) => this.field(info, name, depth + 1)).join('\n')}${isPod ? `\n${indent}restartPolicy: \${${this.next++}|OnFailure,Never|}` : ''}`;
    }
    if (info.holder?.endsWith('.VolumeResourceRequirements') === true) return `\n${indent}storage: ${this.place('1Gi')}`;
    if (schema.additionalProperties !== undefined) return `\n${indent}${this.place('key')}: ${this.place('value')}`;
    return ` ${this.scalar(info)}`;
  }

  /** `- …`: an item of the list with what must stand in it. */
  item(info: FieldInfo, depth: number): string {
    const indent = '  '.repeat(depth);
    const items = info.schema.items;
    const definition = items?.ref;
    const schema = definition === undefined ? items : this.schemas.definitions[definition];
    if (schema?.properties === undefined || definition === undefined) return `${indent}- ${this.place(exampleOf(info))}`;
    const inner: FieldInfo = { definition, schema, holder: definition, field: undefined, required: true, default: undefined };
    const shown = this.shownFields(inner);
    if (shown.length === 0) return `${indent}- ${this.place('')}`;
    const text = shown.map((name) => this.field(inner, name, depth + 1)).join('\n');
    return `${indent}- ${text.slice(indent.length + 2)}`;
  }

  private shownFields(info: FieldInfo): readonly string[] {
    const definition = info.definition ?? '';
    const also =
      ALSO[definition] ??
      (WITH_SPEC.test(definition) && info.field === undefined && info.schema.properties?.['spec'] !== undefined ? ['spec'] : []);
    const required = (info.schema.required ?? []).filter((name) => !also.includes(name));
    return [...also.filter((name) => name === 'replicas'), ...required, ...also.filter((name) => name !== 'replicas')];
  }

  private scalar(info: FieldInfo): string {
    const example = exampleOf(info);
    if (example !== '') return this.place(example);
    if (info.schema.enum !== undefined) return `\${${this.next++}|${choices(info.schema.enum, info.default).join(',')}|}`;
    if (info.field === 'name' && info.definition === undefined) return this.label === undefined ? this.place('name') : this.labelPlace();
    if (info.field === 'replicas') return this.place('1');
    if (info.schema.type === 'boolean') return `\${${this.next++}|true,false|}`;
    if (info.schema.type === 'integer') return this.place(info.field === 'port' || info.field === 'containerPort' ? '80' : '');
    return this.place(info.field === 'image' ? 'nginx' : '');
  }

  /** Objects of a kind have a name; templates of objects have labels. */
  private isKind(definition: string | undefined): boolean {
    return definition !== undefined && Object.values(this.schemas.kinds).includes(definition);
  }

  private labelPlace(): string {
    this.label ??= this.next++;
    return `\${${this.label}:${this.name}}`;
  }

  private place(text: string): string {
    return text === '' ? `$${this.next++}` : `\${${this.next++}:${text}}`;
  }
}

/**
 * A snippet whose last place to fill in is its end: once the cursor is there, Enter, Tab and Shift+Tab are the editor's again, and what
 * may stand there is offered as it is anywhere else.
 */
export function endingAtLastPlace(snippet: string): string {
  const last = /(?:\$(\d+)|\$\{(\d+)(?::([^{}]*)|\|[^{}]*\|)\})(\n?)$/.exec(snippet);
  if (last === null) return snippet;
  const own = Number(last[1] ?? last[2]);
  const before = snippet.slice(0, last.index);
  const others = [...before.matchAll(/\$\{?(\d+)/g)].map(([, number]) => Number(number));
  if (others.some((number) => number >= own)) return snippet;
  const [, , , text = '', end = ''] = last;
  return `${before}${text === '' ? '$0' : `\${0:${text}}`}${end}`;
}

/** What the server would take anyway stands first. */
export function choices(values: readonly string[], usual: unknown): readonly string[] {
  return [...values.filter((value) => value === usual), ...values.filter((value) => value !== usual && value !== '')];
}

function exampleOf({ holder, field }: FieldInfo): string {
  return EXAMPLES[`${holder ?? ''}.${field ?? ''}`] ?? '';
}

const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const MAX_DEPTH = 12;
