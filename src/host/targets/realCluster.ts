/**
 * A real cluster as the worker has it: requests go there, what it has comes here by watches.
 * Invariant: nothing is written there but by a request of the user; what the user may not see is named, and the rest is shown.
 * Counterpart: the clientset and the shared informers of a controller.
 */
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { LAST_APPLIED } from '../../kubectl/apply.ts';
import { pathOf, type Rest } from '../../kubectl/rest.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { RealTarget } from '../protocol/view.ts';
import { Mirror } from './mirror.ts';
import { mirroredResources, type Mirrored } from './mirrored.ts';
import { Reflector, type ReflectorState } from './reflector.ts';
import type { Transport } from './transport.ts';

export interface RealClusterOptions {
  readonly transport: Transport;
  readonly context: string;
  readonly server: string;
  /** Of the context; empty: `default`. */
  readonly namespace: string;
  /** The connection is lost, or there again. */
  readonly onState: () => void;
}

const FORBIDDEN = 403;

export class RealCluster implements Disposable {
  readonly transport: Transport;
  private readonly options: RealClusterOptions;
  private readonly version: string;
  private readonly mirror: Mirror;
  private readonly reflectors = new Map<Mirrored, Reflector>();
  /** Resources of which nothing comes at the moment, and why. */
  private readonly lost = new Map<Mirrored, string>();
  private readonly refused = new Set<Mirrored>();
  private told = '';

  private constructor(options: RealClusterOptions, version: string) {
    this.options = options;
    this.transport = options.transport;
    this.version = version;
    this.mirror = new Mirror(options.context);
  }

  /**
   * Asks the server who it is, and waits for its first lists.
   * @throws Error if it is not reached or does not let the user in
   */
  static async connect(options: RealClusterOptions): Promise<RealCluster> {
    const { code, body } = await options.transport.request({ method: 'GET', path: '/version' });
    if (code !== 200 || !isRecord(body)) {
      throw new Error(isRecord(body) && typeof body['message'] === 'string' ? body['message'] : `${options.server} answered ${code}`);
    }
    const cluster = new RealCluster(options, String(body['gitVersion'] ?? ''));
    await cluster.follow();
    return cluster;
  }

  get rest(): Rest {
    return this.transport;
  }

  /** The picture of it. */
  get cluster(): Cluster {
    return this.mirror.cluster;
  }

  get target(): RealTarget {
    const { context, server, namespace } = this.options;
    const [reason] = this.lost.values();
    const hidden = [...this.refused].map(({ resource }) => resource.plural);
    return {
      context,
      server,
      version: this.version,
      namespace: namespace === '' ? 'default' : namespace,
      state: reason === undefined ? 'connected' : 'lost',
      message: reason ?? (hidden.length === 0 ? '' : `Not shown, as you may not list them: ${hidden.join(', ')}.`),
    };
  }

  /** @returns milliseconds since 1970 */
  now(): number {
    return this.mirror.now();
  }

  dispose(): void {
    for (const reflector of this.reflectors.values()) reflector.dispose();
    this.reflectors.clear();
  }

  private async follow(): Promise<void> {
    const begun = mirroredResources().map((mirrored) => ({ mirrored, listed: this.reflect(mirrored, '') }));
    await Promise.all(begun.filter(({ mirrored }) => mirrored.isFirst).map(({ listed }) => listed));
    this.told = JSON.stringify(this.target);
  }

  /** @param namespace empty: all of them */
  private reflect(mirrored: Mirrored, namespace: string): Promise<void> {
    const { resource, metadataOnly } = mirrored;
    let narrowed: Promise<void> | undefined;
    const reflector = new Reflector({
      transport: this.transport,
      path: pathOf(resource, namespace, ''),
      metadataOnly,
      onList: (objects) => this.mirror.replace(resource, metadataOnly ? objects.map(withoutApplied) : objects),
      onChange: (type, object) => this.mirror.change(resource, type, metadataOnly ? withoutApplied(object) : object),
      onState: (state) => {
        // Who may not see all namespaces may see the one of the context.
        if (state.state === 'refused' && state.code === FORBIDDEN && resource.namespaced && namespace === '') {
          reflector.dispose();
          narrowed = this.reflect(mirrored, this.target.namespace);
        } else this.note(mirrored, state);
      },
    });
    this.reflectors.set(mirrored, reflector);
    return reflector.start().then(() => narrowed);
  }

  private note(mirrored: Mirrored, state: ReflectorState): void {
    if (state.state === 'lost') this.lost.set(mirrored, state.message);
    else this.lost.delete(mirrored);
    // What is not served is missed by nobody.
    if (state.state === 'refused' && state.code === FORBIDDEN) this.refused.add(mirrored);
    else if (state.state !== 'lost') this.refused.delete(mirrored);
    // What was seen before a right was taken away, or a resource, is not what there is now.
    if (state.state === 'refused') this.mirror.replace(mirrored.resource, []);
    const told = JSON.stringify(this.target);
    // Before the first lists are there nobody knows of it.
    if (this.told === '' || told === this.told) return;
    this.told = told;
    this.options.onState();
  }
}

/** What was applied last holds the values, too. */
function withoutApplied(object: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[LAST_APPLIED] === undefined) return object;
  const { [LAST_APPLIED]: _, ...kept } = annotations;
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}
