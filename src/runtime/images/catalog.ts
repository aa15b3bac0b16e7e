/**
 * What the registries of the world hold: for each image name whether it can be pulled, how long that takes, how large it is.
 * Invariant: an image belongs to its name; the first program that names it says what it is. Plain data.
 * Counterpart: container registries.
 */
import type { Json } from '../../base/json.ts';
import type { ImageFault, ImageStatement } from '../programs/grammar.ts';
import { usualImage } from '../programs/wellKnown.ts';
import type { ImageSpec } from '../../api/kubepad/image/types.ts';
import { isOfficial } from '../../image/base/official.ts';
import { contentOf, layersOf, type ImageContent } from './content.ts';
import { lookUp, NO_IMAGES, type ImageSource } from './registries.ts';

const DEFAULT_PULL_MS = 1000;
const DEFAULT_SIZE_BYTES = 10_000_000;
/** How long a registry takes to refuse. */
const REFUSAL_MS = 200;
/** Asking the registry whether a tag still means the image that is on the node: nothing is fetched then. */
const RESOLVE_MS = 300;
/** What a node fetches of a described image: 80 MB/s, and some time before the first byte. */
const FETCH_OVERHEAD_MS = 400;
const FETCH_BYTES_PER_MS = 80_000;
const DENIED =
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';

interface Entry {
  readonly statement: ImageStatement | null;
  /** When the first sandbox wanted it, milliseconds since 1970: faults with an end count from here. */
  readonly since: number;
}

export type PullResult =
  | { readonly ok: true; readonly tookMs: number; readonly sizeBytes: number; readonly digest?: string }
  /** `error` is the runtime's text without the kubelet's wrapping. */
  | { readonly ok: false; readonly tookMs: number; readonly error: string };

/** What a node has of images already. */
export interface Held {
  /** The image by this name, whatever it means by now. */
  readonly present: boolean;
  /** The digest of the Image that the name meant when it was pulled. */
  readonly digest?: string | undefined;
  /** Layers of all images on the node. */
  readonly layers?: ReadonlySet<string>;
}

export class ImageCatalog {
  private entries = new Map<string, Entry>();
  /** What nodes still have although its Image is gone, by digest. */
  private kept = new Map<string, ImageSpec>();
  private readonly images: ImageSource;

  constructor(images: ImageSource = NO_IMAGES) {
    this.images = images;
  }

  /** Tells the catalog about an image that a program names; only the first time counts. */
  learn(image: string, statement: ImageStatement | undefined, nowMs: number): void {
    if (!this.entries.has(image)) this.entries.set(image, { statement: statement ?? null, since: nowMs });
  }

  /** Whether it was on every node from the beginning. */
  isPreloaded(image: string): boolean {
    return image.includes('/present/') || this.entries.get(image)?.statement?.present === true;
  }

  /** Whether only who has a secret for it may use a copy that is on the node, because it was pulled with one. */
  needsSecret(image: string): boolean {
    return !this.isPreloaded(image) && this.entries.get(image)?.statement?.fault === 'private';
  }

  /** What a digest stands for, as long as there is an Image of it or a node that has it. */
  content(digest: string | undefined): ImageContent | undefined {
    if (digest === undefined) return undefined;
    const [image] = this.images.withDigest(digest);
    const kept = this.kept.get(digest);
    return (image === undefined ? undefined : contentOf(image)) ?? (kept === undefined ? undefined : { digest, spec: kept });
  }

  /** The content stays known until `drop`, as nodes have it. */
  keep(digest: string, spec: ImageSpec): void {
    this.kept.set(digest, spec);
  }

  drop(digest: string): void {
    this.kept.delete(digest);
  }

  sizeBytes(image: string): number {
    return this.entries.get(image)?.statement?.sizeBytes ?? usualImage(image)?.sizeBytes ?? DEFAULT_SIZE_BYTES;
  }

  /**
   * Name or uid of the image's user; `0` is root.
   * @param digest of the Image that the node has by that name
   */
  user(image: string, digest?: string): string {
    const described = this.content(digest)?.spec;
    if (described !== undefined) return described.config?.user?.split(':')[0] ?? usualImage(described.base ?? '')?.user ?? '0';
    return this.entries.get(image)?.statement?.user ?? usualImage(image)?.user ?? '0';
  }

  /**
   * @param authorized a pull secret for the image's registry names a user that may pull
   * @param held what the node has is not fetched again, unless the program says how long each pull takes
   */
  pull(image: string, authorized: boolean, held: Held, nowMs: number): PullResult {
    const entry = this.entries.get(image);
    const statement = entry?.statement ?? undefined;
    const ended = statement?.faultUntilMs !== undefined && nowMs >= (entry?.since ?? 0) + statement.faultUntilMs;
    const fault = ended ? undefined : (statement?.fault ?? (image.includes('/missing/') ? 'missing' : undefined));
    if (fault !== undefined && !(fault === 'private' && authorized)) return refusedPull(image, fault);
    if (statement === undefined) {
      const answer = lookUp(this.images, image, isOfficial);
      if (answer !== undefined) return 'fault' in answer ? refusedPull(image, answer.fault) : pulled(answer.found, held);
    }
    const fetchMs = held.present ? RESOLVE_MS : (usualImage(image)?.pullMs ?? DEFAULT_PULL_MS);
    return { ok: true, tookMs: statement?.pullMs ?? fetchMs, sizeBytes: this.sizeBytes(image) };
  }

  checkpoint(): Json {
    const entries = [...this.entries].map(([image, { statement, since }]) => [image, statement as unknown as Json, since]);
    return { entries, kept: [...this.kept] as unknown as Json };
  }

  restore(state: Json): void {
    const { entries, kept } = state as unknown as {
      readonly entries: readonly [string, ImageStatement | null, number][];
      readonly kept: readonly [string, ImageSpec][];
    };
    this.entries = new Map(entries.map(([image, statement, since]) => [image, { statement, since }]));
    this.kept = new Map(kept);
  }
}

/** Layers that the node has come from its own disk. Example: 160 MB of which 120 are there take 400 + 500 ms. */
function pulled(content: ImageContent, { digest, layers = new Set() }: Held): PullResult {
  const all = layersOf(content);
  const sizeBytes = all.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (digest === content.digest) return { ok: true, tookMs: RESOLVE_MS, sizeBytes, digest };
  const missing = all.filter((layer) => !layers.has(layer.digest)).reduce((sum, layer) => sum + layer.sizeBytes, 0);
  return { ok: true, tookMs: FETCH_OVERHEAD_MS + Math.round(missing / FETCH_BYTES_PER_MS), sizeBytes, digest: content.digest };
}

/** A pull that the registry refuses, or does not hear of. */
export function refusedPull(image: string, fault: ImageFault): PullResult {
  return { ok: false, tookMs: REFUSAL_MS, error: refusalText(image, fault) };
}

function refusalText(image: string, fault: string): string {
  const prefix = `failed to pull and unpack image "${image}": failed to resolve image`;
  if (fault === 'missing') return `rpc error: code = NotFound desc = ${prefix}: ${image}: not found`;
  if (fault === 'refused') {
    return `${prefix}: failed to do request: Head "${manifestUrl(image)}": dial tcp: connect: connection refused`;
  }
  return `${prefix}: ${DENIED}`;
}

/** `https://registry.test/v2/team/shop/manifests/1` */
function manifestUrl(image: string): string {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  const hosted = first.includes('.') || first.includes(':') || first === 'localhost';
  const [path = '', tag = 'latest'] = (hosted ? image.slice(slash + 1) : image).split(':');
  const host = hosted ? first : 'registry-1.docker.io';
  return `https://${host}/v2/${hosted || path.includes('/') ? path : `library/${path}`}/manifests/${tag}`;
}
