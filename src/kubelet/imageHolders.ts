/**
 * Which nodes have which Image, written to the Images' status a second later so that a hundred pulls make one write. What nodes have
 * although its Image is gone is kept, so that containers go on with it.
 * Invariant: follows from `digests` of the nodes; only which statuses are to be written is remembered.
 * Counterpart: none in Kubernetes; a node's status lists its images, but nobody lists an image's nodes.
 */
import type { Json } from '../base/json.ts';
import { IMAGES, NODES_NAMED, type Image } from '../api/kubepad/image/types.ts';
import { StatusError } from '../apimachinery/errors/status.ts';
import { imagesWithDigest } from '../apiserver/imageIndex.ts';
import type { Client } from '../client/client.ts';
import type { Change } from '../client/watchCursor.ts';
import type { ImageCatalog } from '../runtime/images/catalog.ts';
import type { NodeState } from './state.ts';

export class ImageHolders {
  private readonly client: Client;
  private readonly catalog: ImageCatalog;
  private readonly wake: () => void;
  /** Digest > names of nodes > under how many names they have it. Derived from the nodes. */
  private readonly nodes = new Map<string, Map<string, number>>();
  private pending = new Set<string>();

  /** @param wake asks for a call of `flush` soon */
  constructor(client: Client, catalog: ImageCatalog, wake: () => void) {
    this.client = client;
    this.catalog = catalog;
    this.wake = wake;
  }

  /** The node has the image by this name now; without a digest it is none that an Image describes, or none at all. */
  set(node: NodeState, image: string, digest: string | undefined): void {
    const former = node.digests[image];
    if (former === digest) return;
    if (former !== undefined) this.count(node.name, former, -1);
    if (digest === undefined) delete node.digests[image];
    else {
      node.digests[image] = digest;
      this.count(node.name, digest, 1);
    }
  }

  forgetNode(node: NodeState): void {
    for (const image of Object.keys(node.digests)) this.set(node, image, undefined);
  }

  /** An Image came, went or has other content. */
  onImageChange({ type, object, previous }: Change): void {
    const before = (previous as Image | undefined)?.status?.digest;
    const after = type === 'DELETED' ? undefined : (object as Image).status?.digest;
    const last = type === 'DELETED' ? (object as Image) : (previous as Image | undefined);
    const gone = last?.status?.digest;
    if (gone !== undefined && gone !== after && last?.spec !== undefined && this.nodes.has(gone)) this.catalog.keep(gone, last.spec);
    if (after !== undefined && after !== before && this.nodes.has(after)) this.note(after);
  }

  flush(): void {
    const { pending } = this;
    this.pending = new Set();
    for (const digest of pending) for (const image of imagesWithDigest(this.client.api.store, digest)) this.write(image, digest);
  }

  checkpoint(): Json {
    return [...this.pending];
  }

  restore(memory: Json, nodes: readonly Readonly<NodeState>[]): void {
    this.pending = new Set(memory as unknown as readonly string[]);
    this.nodes.clear();
    for (const { name, digests } of nodes) for (const digest of Object.values(digests)) this.add(name, digest, 1);
  }

  private count(node: string, digest: string, by: number): void {
    if (this.add(node, digest, by)) this.note(digest);
  }

  /** @returns whether the node has it from now on, or has it no more */
  private add(node: string, digest: string, by: number): boolean {
    let holders = this.nodes.get(digest);
    if (holders === undefined) this.nodes.set(digest, (holders = new Map()));
    const before = holders.get(node) ?? 0;
    if (before + by > 0) holders.set(node, before + by);
    else holders.delete(node);
    if (holders.size === 0) {
      this.nodes.delete(digest);
      this.catalog.drop(digest);
    }
    return before === 0 || before + by === 0;
  }

  private note(digest: string): void {
    if (this.pending.size === 0) this.wake();
    this.pending.add(digest);
  }

  private write({ metadata }: Image, digest: string): void {
    const holders = this.nodes.get(digest);
    const nodes = holders === undefined ? [] : [...holders.keys()].toSorted().slice(0, NODES_NAMED);
    try {
      this.client.modify(
        IMAGES,
        '',
        metadata.name ?? '',
        (image) => void (image.status = { ...image.status, nodeCount: holders?.size ?? 0, nodes }),
        'status',
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
