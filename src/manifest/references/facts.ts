/**
 * What one object tells about others: its own name, what it names, which Pods it makes and which it selects.
 * Invariant: pure; read from a value of any form without throwing, and never from a cluster.
 * Counterpart: none; the graph that `kubectl tree` and garbage collection see, drawn before anything is applied.
 */
import type { Path } from '../../apimachinery/field/path.ts';
import type { Labels, Selector } from '../../apimachinery/labels/selector.ts';
import { fromLabelSelector, fromSet } from '../../apimachinery/labels/selector.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import { headOf, isRecord } from '../recognise.ts';
import { groupKind, isClusterScoped, REFERENCE_FIELDS, SELECTOR_FIELDS, type ReferenceField } from './fields.ts';
import { hitsOf, textAt, valueAt, type Hit } from './fieldPattern.ts';
import { POD_TEMPLATES } from './podTemplates.ts';

export interface Reference {
  /** `v1/ConfigMap` */
  readonly to: string;
  readonly name: string;
  /** Undefined: that of the object; empty: none. */
  readonly namespace: string | undefined;
  readonly path: () => Path;
  readonly optional: boolean;
  /** Keys of the ConfigMap or Secret, names or numbers of the Service's ports. */
  readonly keys: readonly Hit[];
  readonly part: 'key' | 'port';
}

export interface Template {
  readonly labels: Labels;
  /** Names of the containers' ports. */
  readonly ports: ReadonlySet<string>;
}

export interface PodSelector {
  readonly selector: Selector;
  readonly path: () => Path;
}

export interface Facts {
  /** `apps/v1/Deployment` */
  readonly kind: string;
  /** Where the object stands in its document. */
  readonly at: () => Path;
  readonly groupKind: string;
  /** Empty: it names none, or lies in none. */
  readonly namespace: string;
  readonly name: string;
  readonly references: readonly Reference[];
  readonly template: Template | undefined;
  readonly selector: PodSelector | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

/** @param at where the object stands in its document: the root, or an item of a List */
export function factsOf(value: unknown, at: () => Path): Facts | undefined {
  const head = headOf(value);
  if (head?.apiVersion === undefined || head.kind === undefined || !isRecord(value)) return undefined;
  const kind = `${head.apiVersion}/${head.kind}`;
  return {
    kind,
    at,
    groupKind: groupKind(head.apiVersion, head.kind),
    namespace: isClusterScoped(kind) ? '' : head.namespace,
    name: head.name,
    references: [
      ...(REFERENCE_FIELDS[kind] ?? []).flatMap((field) => referencesOf(value, field, at)),
      ...(SPECIAL[kind]?.(value, at) ?? []),
    ],
    template: templateOf(kind, value),
    selector: selectorOf(kind, value, at),
    value,
  };
}

function referencesOf(value: unknown, field: ReferenceField, at: () => Path): readonly Reference[] {
  return hitsOf(value, field.at, at).flatMap(({ value: holder, path }) => {
    const name = field.name === '' ? holder : textAt(holder, field.name);
    if (typeof name !== 'string' || name === '') return [];
    const namespace = field.namespace === undefined ? undefined : textAt(holder, field.namespace);
    return [
      {
        to: field.to,
        name,
        namespace: isClusterScoped(field.to) ? '' : namespace === '' ? undefined : namespace,
        path: field.name === '' ? path : () => path().child(field.name),
        optional: valueAt(holder, 'optional') === true,
        keys: field.port === undefined ? keysOf(holder, field, path) : portsOf(holder, field.port, path),
        part: field.port === undefined ? 'key' : 'port',
      },
    ];
  });
}

function keysOf(holder: unknown, { keys }: ReferenceField, path: () => Path): readonly Hit[] {
  return keys === undefined ? [] : hitsOf(holder, keys, path);
}

/** `{name: http}`, `{number: 80}` or a bare number. */
function portsOf(holder: unknown, port: string, path: () => Path): readonly Hit[] {
  return hitsOf(holder, port, path).flatMap((hit) =>
    isRecord(hit.value) ? [...hitsOf(hit.value, 'name', hit.path), ...hitsOf(hit.value, 'number', hit.path)] : [hit],
  );
}

/** References whose kind stands in the text. */
const SPECIAL: Readonly<Record<string, (value: unknown, at: () => Path) => readonly Reference[]>> = {
  'autoscaling/v1/HorizontalPodAutoscaler': scaleTarget,
  'autoscaling/v2/HorizontalPodAutoscaler': scaleTarget,
  'rbac.authorization.k8s.io/v1/RoleBinding': ofBinding,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ofBinding,
};

function scaleTarget(value: unknown, at: () => Path): readonly Reference[] {
  return hitsOf(value, 'spec.scaleTargetRef', at).flatMap(({ value: target, path }) => {
    const [apiVersion, kind, name] = [textAt(target, 'apiVersion'), textAt(target, 'kind'), textAt(target, 'name')];
    return apiVersion === '' || kind === '' || name === ''
      ? []
      : [plain(`${apiVersion}/${kind}`, name, undefined, () => path().child('name'))];
  });
}

const RBAC = 'rbac.authorization.k8s.io/v1';

function ofBinding(value: unknown, at: () => Path): readonly Reference[] {
  const roles = hitsOf(value, 'roleRef', at).flatMap(({ value: role, path }) => {
    const [kind, name] = [textAt(role, 'kind'), textAt(role, 'name')];
    if (name === '' || (kind !== 'Role' && kind !== 'ClusterRole')) return [];
    return [plain(`${RBAC}/${kind}`, name, kind === 'Role' ? undefined : '', () => path().child('name'))];
  });
  const accounts = hitsOf(value, 'subjects[]', at).flatMap(({ value: subject, path }) => {
    const [kind, name, namespace] = [textAt(subject, 'kind'), textAt(subject, 'name'), textAt(subject, 'namespace')];
    if (kind !== 'ServiceAccount' || name === '' || namespace === '') return [];
    return [plain('v1/ServiceAccount', name, namespace, () => path().child('name'))];
  });
  return [...roles, ...accounts];
}

function plain(to: string, name: string, namespace: string | undefined, path: () => Path): Reference {
  return { to, name, namespace, path, optional: false, keys: [], part: 'key' };
}

function templateOf(kind: string, value: unknown): Template | undefined {
  const at = POD_TEMPLATES[kind];
  const template = at === undefined ? undefined : valueAt(value, at);
  return template === undefined ? undefined : podTemplate(template);
}

/** @param template what has the `metadata` and the `spec` of a Pod */
export function podTemplate(template: unknown): Template {
  const ports = ['containers', 'initContainers'].flatMap((list) => hitsOf(template, `spec.${list}[].ports[].name`));
  return { labels: labelsOf(valueAt(template, 'metadata.labels')), ports: new Set(ports.map(({ value }) => String(value))) };
}

export function labelsOf(value: unknown): Labels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}

function selectorOf(kind: string, value: unknown, at: () => Path): PodSelector | undefined {
  const field = SELECTOR_FIELDS[kind];
  const hit = field === undefined ? undefined : hitsOf(value, field.at, at)[0];
  if (field === undefined || !isRecord(hit?.value)) return undefined;
  // Without labels a Service has its endpoints written by someone, and the others mean every Pod.
  if (Object.keys(hit.value).length === 0) return undefined;
  if (field.form === 'labels') return { selector: fromSet(labelsOf(hit.value)), path: hit.path };
  const selector = labelSelector(hit.value);
  return selector === undefined ? undefined : { selector, path: hit.path };
}

/** Undefined: it is empty, or of a form that is refused anyway. */
function labelSelector(value: Readonly<Record<string, unknown>>): Selector | undefined {
  const { matchLabels, matchExpressions } = value;
  const expressions = Array.isArray(matchExpressions) ? (matchExpressions as readonly unknown[]) : [];
  const sound = expressions.every(
    (each) => isRecord(each) && typeof each['key'] === 'string' && typeof each['operator'] === 'string' && hasTexts(each['values']),
  );
  if (!sound) return undefined;
  const selector = { matchLabels: labelsOf(matchLabels), matchExpressions: expressions } as LabelSelector;
  const found = fromLabelSelector(selector);
  return found.length === 0 ? undefined : found;
}

function hasTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
}
