/**
 * What hints ask of a cluster, fetched beforehand: the objects that manifests name, and what could be meant by selectors.
 * Invariant: what the cluster does not let one see is taken to be unknown, never missing. Counterpart: none.
 */
import { formatSelector } from '../../../apimachinery/labels/selector.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { findResource, pathOf, type Rest } from '../../../kubectl/rest.ts';
import { isRecord } from '../../../manifest/recognise.ts';
import { hitsOf, textAt } from '../../../manifest/references/fieldPattern.ts';
import { isClusterScoped } from '../../../manifest/references/fields.ts';
import { POD_TEMPLATES } from '../../../manifest/references/podTemplates.ts';
import type { IndexedObject } from '../../../manifest/references/workspaceIndex.ts';
import type { ClusterObjects } from '../../../manifest/references/world.ts';
import { inParallel } from './inParallel.ts';

export interface SnapshotOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  /** Whether rules are asked for, too. */
  readonly rules: boolean;
}

/** What rules look for around an object. */
const RULE_KINDS = ['policy/v1/PodDisruptionBudget', 'autoscaling/v2/HorizontalPodAutoscaler'] as const;

const AT_ONCE = 8;

export async function takeSnapshot(rest: Rest, objects: Iterable<IndexedObject>, options: SnapshotOptions): Promise<ClusterObjects> {
  const snapshot = new Snapshot(rest);
  const wanted = new Map<string, () => Promise<void>>();
  const get = (kind: string, namespace: string, name: string): void => {
    const own = isClusterScoped(kind) ? '' : namespace;
    wanted.set(`${kind} ${own} ${name}`, () => snapshot.fetch(kind, own, name));
  };
  const list = (kind: string, namespace: string, selector = ''): void => {
    wanted.set(`${kind} ${namespace} ?${selector}`, () => snapshot.fetchAll(kind, namespace, selector));
  };
  for (const { facts } of objects) {
    const namespace = facts.namespace === '' ? options.namespace : facts.namespace;
    if (facts.namespace !== '') get('v1/Namespace', '', facts.namespace);
    for (const { to, name, namespace: other } of facts.references) {
      get(to, other ?? namespace, name);
      if (to === 'storage.k8s.io/v1/StorageClass') list('v1/PersistentVolume', '');
    }
    if (facts.selector !== undefined) {
      // A Pod's own labels are those of its template; what makes Pods has other ones.
      for (const kind of Object.keys(POD_TEMPLATES))
        list(kind, namespace, kind === 'v1/Pod' ? formatSelector(facts.selector.selector) : '');
    }
    if (facts.kind === 'v1/Service' && hitsOf(facts.value, 'spec.ports[].nodePort').length > 0) list('v1/Service', '');
    if (options.rules && facts.template !== undefined) for (const kind of RULE_KINDS) list(kind, namespace);
  }
  await inParallel(wanted.values(), AT_ONCE, (work) => work());
  return snapshot;
}

class Snapshot implements ClusterObjects {
  private readonly rest: Rest;
  /** Undefined: it is not there. By kind, namespace and name. */
  private readonly objects = new Map<string, unknown>();
  /** By kind. */
  private readonly lists = new Map<string, Map<string, unknown>>();
  private readonly asked = new Set<string>();
  private readonly hidden = new Set<string>();

  constructor(rest: Rest) {
    this.rest = rest;
  }

  serves(kind: string): boolean {
    return this.asked.has(kind) && !this.hidden.has(kind);
  }

  get(kind: string, namespace: string, name: string): unknown {
    return this.objects.get(`${kind} ${namespace} ${name}`);
  }

  list(kind: string, namespace: string | undefined): readonly unknown[] {
    const all = [...(this.lists.get(kind)?.values() ?? [])];
    return namespace === undefined ? all : all.filter((object) => textAt(object, 'metadata.namespace') === namespace);
  }

  async fetch(kind: string, namespace: string, name: string): Promise<void> {
    const answer = await this.ask(kind, namespace, name, {});
    if (answer === undefined) return;
    const { code, body } = answer;
    // A resource that is not served is not found either, but no name is.
    if (code === 404 && (body as Status).details?.name === name) return;
    if (code === 200) this.objects.set(`${kind} ${namespace} ${name}`, body);
    else this.hidden.add(kind);
  }

  async fetchAll(kind: string, namespace: string, labelSelector: string): Promise<void> {
    const answer = await this.ask(kind, namespace, '', labelSelector === '' ? {} : { labelSelector });
    if (answer === undefined) return;
    const items: unknown = isRecord(answer.body) ? answer.body['items'] : undefined;
    if (answer.code !== 200 || !Array.isArray(items)) {
      this.hidden.add(kind);
      return;
    }
    const known = this.lists.get(kind) ?? new Map<string, unknown>();
    this.lists.set(kind, known);
    for (const item of items as readonly unknown[])
      known.set(`${textAt(item, 'metadata.namespace')} ${textAt(item, 'metadata.name')}`, item);
  }

  private async ask(
    kind: string,
    namespace: string,
    name: string,
    query: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly body: unknown } | undefined> {
    const slash = kind.lastIndexOf('/');
    const resource = await findResource(this.rest, kind.slice(0, slash), kind.slice(slash + 1));
    if (resource === undefined) return undefined;
    this.asked.add(kind);
    return this.rest.request({ method: 'GET', path: pathOf(resource, namespace, name), query });
  }
}
