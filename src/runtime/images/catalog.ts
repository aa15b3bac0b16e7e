/**
 * What the registries of the world hold: for each image name whether it can be pulled, how long that takes, how large it is.
 * Invariant: an image belongs to its name; the first program that names it says what it is. Plain data.
 * Counterpart: container registries.
 */
import type { Json } from '../../base/json.ts';
import type { ImageFault, ImageStatement } from '../programs/grammar.ts';
import { usualImage } from '../programs/wellKnown.ts';

const DEFAULT_PULL_MS = 1000;
const DEFAULT_SIZE_BYTES = 10_000_000;
/** How long a registry takes to refuse. */
const REFUSAL_MS = 200;
/** Asking the registry whether a tag still means the image that is on the node: nothing is fetched then. */
const RESOLVE_MS = 300;
const DENIED =
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';

interface Entry {
  readonly statement: ImageStatement | null;
  /** When the first sandbox wanted it, milliseconds since 1970: faults with an end count from here. */
  readonly since: number;
}

export type PullResult =
  | { readonly ok: true; readonly tookMs: number; readonly sizeBytes: number }
  /** `error` is the runtime's text without the kubelet's wrapping. */
  | { readonly ok: false; readonly tookMs: number; readonly error: string };

export class ImageCatalog {
  private entries = new Map<string, Entry>();

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

  sizeBytes(image: string): number {
    return this.entries.get(image)?.statement?.sizeBytes ?? usualImage(image)?.sizeBytes ?? DEFAULT_SIZE_BYTES;
  }

  /** Name or uid of the image's user; `0` is root. */
  user(image: string): string {
    return this.entries.get(image)?.statement?.user ?? usualImage(image)?.user ?? '0';
  }

  /**
   * @param authorized a pull secret for the image's registry names a user that may pull
   * @param present the node has the image: its layers are not fetched again, unless the program says how long each pull takes
   */
  pull(image: string, authorized: boolean, present: boolean, nowMs: number): PullResult {
    const entry = this.entries.get(image);
    const statement = entry?.statement ?? undefined;
    const ended = statement?.faultUntilMs !== undefined && nowMs >= (entry?.since ?? 0) + statement.faultUntilMs;
    const fault = ended ? undefined : (statement?.fault ?? (image.includes('/missing/') ? 'missing' : undefined));
    if (fault !== undefined && !(fault === 'private' && authorized)) return refusedPull(image, fault);
    const fetchMs = present ? RESOLVE_MS : (usualImage(image)?.pullMs ?? DEFAULT_PULL_MS);
    return { ok: true, tookMs: statement?.pullMs ?? fetchMs, sizeBytes: this.sizeBytes(image) };
  }

  checkpoint(): Json {
    return [...this.entries].map(([image, { statement, since }]) => [image, statement as unknown as Json, since]);
  }

  restore(state: Json): void {
    const entries = state as unknown as readonly [string, ImageStatement | null, number][];
    this.entries = new Map(entries.map(([image, statement, since]) => [image, { statement, since }]));
  }
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
