/**
 * A picture of a real cluster that lists, hints and panels read as they read the simulated one.
 * Invariant: written by what the real cluster tells and by nothing else; nobody acts in it, and its time is that of the wall.
 * Counterpart: the indexer of client-go's shared informers.
 */
import type { ResourceFact } from '../../api/generic/strategy.ts';
import { apiVersion, groupResource, keyOf, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { Cluster } from '../../cluster/cluster.ts';

export class Mirror {
  readonly cluster: Cluster;
  /** The real resourceVersions, by resource and key: the store counts by itself. */
  private readonly versions = new Map<string, Map<string, string>>();

  constructor(name: string) {
    this.cluster = Cluster.still({ name, seed: name, startTime: Date.now(), preset: 'empty' });
  }

  /** What a list told: objects that are not in it are gone. */
  replace(resource: ResourceFact, objects: readonly KubeObject[]): void {
    const { store } = this.cluster.api;
    const named = groupResource(resource);
    const listed = new Set(objects.map(keyOf));
    const gone = store.list(named).filter((object) => !listed.has(keyOf(object)));
    for (const object of gone) this.change(resource, 'DELETED', object);
    for (const object of objects) this.change(resource, 'MODIFIED', object);
  }

  /** What a watch told. What is known already is no change. */
  change(resource: ResourceFact, type: 'ADDED' | 'MODIFIED' | 'DELETED', told: KubeObject): void {
    const named = groupResource(resource);
    const key = keyOf(told);
    const versions = this.versionsOf(named);
    const { metadata } = told;
    const version = metadata.resourceVersion ?? '';
    const { api, simulation } = this.cluster;
    const isKnown = api.store.get(named, key) !== undefined;
    if (type === 'DELETED' ? !isKnown : versions.get(key) === version) return;
    if (type === 'DELETED') versions.delete(key);
    else versions.set(key, version);
    simulation.advance(Date.now());
    const { managedFields = [], ...kept } = metadata;
    const object = { ...told, apiVersion: apiVersion(resource), kind: resource.kind, metadata: kept };
    const last = managedFields.reduce<(typeof managedFields)[number] | undefined>(
      (newest, each) => ((each.time ?? '') >= (newest?.time ?? '') ? each : newest),
      undefined,
    );
    api.store.write({
      type: type === 'DELETED' ? 'DELETED' : isKnown ? 'MODIFIED' : 'ADDED',
      resource: named,
      object,
      actor: last?.manager ?? '',
      verb: type === 'DELETED' ? 'delete' : isKnown ? 'update' : 'create',
    });
  }

  /** The moment, for ages. @returns milliseconds since 1970 */
  now(): number {
    const now = Date.now();
    this.cluster.simulation.advance(now);
    return now;
  }

  private versionsOf(resource: string): Map<string, string> {
    let versions = this.versions.get(resource);
    if (versions === undefined) this.versions.set(resource, (versions = new Map()));
    return versions;
  }
}
