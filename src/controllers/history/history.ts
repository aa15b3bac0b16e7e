/**
 * ControllerRevisions: the templates that a DaemonSet or StatefulSet has had, each under a number that grows.
 * Invariant: of equal data there is one revision; going back to a template gives its revision the next number.
 * Counterpart: k8s.io/kubernetes/pkg/controller/history.
 */
import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { CONTROLLERREVISIONS } from '../../api/schema/resources.ts';
import type { ControllerRevision } from '../../api/schema/types/apps/v1.ts';
import type { PodTemplateSpec } from '../../api/schema/types/core/v1.ts';
import { isReason } from '../../apimachinery/errors/status.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { KubeObject, ResourceType } from '../../apimachinery/meta/resource.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import type { Client } from '../../client/client.ts';
import { computeHash } from '../deployment/hash.ts';
import { newControllerRef } from '../util/controllerRef.ts';
import { claim } from '../util/refManager.ts';

/** Whose history it is. */
export interface RevisionOwner {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly selector: LabelSelector | undefined;
  readonly template: PodTemplateSpec;
  readonly collisionCount: number | undefined;
  /** The label that holds a revision's hash. */
  readonly hashLabel: string;
}

export interface History {
  /** The revision of the present template. */
  readonly current: ControllerRevision;
  /** All of them, the current one included, by number. */
  readonly all: readonly ControllerRevision[];
}

/** Finds the revision of the present template, or makes it, and gives it the highest number. @throws StatusError */
export function syncHistory(client: Client, owner: RevisionOwner): History {
  const all = [...claim(client, owner.type, owner.object, CONTROLLERREVISIONS, fromLabelSelector(owner.selector))].sort(byRevision);
  const data = templatePatch(owner.template);
  const equal = all.filter((revision) => jsonEqual(revision.data, data));
  const found = equal.at(-1);
  const others = all.filter((revision) => revision !== found);
  const next = Math.max(0, ...others.map(({ revision }) => revision)) + 1;
  if (found === undefined) {
    const current = create(client, owner, data, next);
    return { current, all: [...others, current] };
  }
  if (found.revision >= next) return { current: found, all };
  const current = client.update(CONTROLLERREVISIONS, { ...draft(found), revision: next });
  return { current, all: [...others, current].sort(byRevision) };
}

/**
 * Deletes the oldest revisions beyond the limit that no Pod is of.
 * Worked example: former revisions 1 to 3, Pods still of 1, a limit of 2. Without the live ones two are left, and all stay; with them there
 * is one too many, and 2 goes, as 1 may not.
 * @param countsLive whether former revisions that Pods are of count towards the limit
 */
export function truncateHistory(
  client: Client,
  history: History,
  isLive: (revision: ControllerRevision) => boolean,
  { limit, countsLive }: { readonly limit: number; readonly countsLive: boolean },
): void {
  const former = history.all.filter((revision) => revision !== history.current);
  const unused = former.filter((revision) => !isLive(revision));
  const surplus = (countsLive ? former : unused).length - limit;
  for (const { metadata } of unused.slice(0, Math.max(0, surplus))) {
    client.delete(CONTROLLERREVISIONS, metadata.namespace ?? '', metadata.name ?? '');
  }
}

/** The template that a revision holds. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec | undefined {
  return (revision.data as { readonly spec?: { readonly template?: PodTemplateSpec } } | undefined)?.spec?.template;
}

function create(client: Client, owner: RevisionOwner, data: Draft<ControllerRevision>['data'], revision: number): ControllerRevision {
  const { namespace = '', name = '', annotations } = owner.object.metadata;
  // A name that is taken by other data gets another hash, as with ReplicaSets.
  for (let collisions = owner.collisionCount ?? 0; ; collisions++) {
    const hash = computeHash(owner.template, collisions === 0 ? undefined : collisions);
    try {
      return client.create(CONTROLLERREVISIONS, {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels: { ...owner.template.metadata.labels, [owner.hashLabel]: hash },
          ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
          ownerReferences: [draft(newControllerRef(owner.type, owner.object))],
        },
        ...(data === undefined ? {} : { data }),
        revision,
      });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/** What a revision holds: a patch that puts the template back. */
function templatePatch(template: PodTemplateSpec): Draft<ControllerRevision>['data'] {
  return { spec: { template: { ...draft(template), $patch: 'replace' } } };
}

function byRevision(left: ControllerRevision, right: ControllerRevision): number {
  return left.revision - right.revision || ((left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1);
}
