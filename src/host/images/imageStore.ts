/**
 * Built images as Image objects: names move to the newest, pushing makes them known to the nodes.
 * Invariant: a tag means one image of the builder and one of the registry; a push makes them the same.
 * Counterpart: the image store of a container engine, and `docker push`.
 */
import type { Draft } from '../../base/json.ts';
import { imageDigestOf, layerDigest } from '../../api/kubepad/image/digest.ts';
import {
  DEFAULT_TAG,
  DOCKER_HUB,
  familiarName,
  isOfWorkspace,
  parseReference,
  repositoryName,
  type Reference,
} from '../../api/kubepad/image/reference.ts';
import { IMAGES, type Image, type ImageSource, type ImageSpec } from '../../api/kubepad/image/types.ts';
import { imagesInRepository } from '../../apiserver/imageIndex.ts';
import type { Client } from '../../client/client.ts';
import type { BuildContent, LayerCache } from '../../image/build/build.ts';
import { isOfficial } from '../../image/base/official.ts';

/** What `FROM` finds: what was built or pushed here, in this order. */
export function describedImage(client: Client, name: string): ImageSpec | 'missing' | 'denied' | undefined {
  const reference = parseReference(name);
  if (reference === undefined) return undefined;
  const known = imagesInRepository(client.api.store, repositoryName(reference));
  const found = findMeant(known, reference);
  if (found?.spec !== undefined) return found.spec;
  if (isOfWorkspace(reference.registry)) return 'missing';
  return known.length === 0 || isOfficial(name) ? undefined : 'missing';
}

/** Layers by their digest: what builds of this session made, and what the images of the cluster consist of. */
export function layerCache(client: () => Client): LayerCache {
  const layers = new Map<string, NonNullable<ImageSpec['layers']>[number]>();
  let revision = -1;
  const learn = (): void => {
    const { api } = client();
    if (api.store.revision === revision) return;
    revision = api.store.revision;
    for (const { spec } of client().list(IMAGES))
      for (const layer of spec?.layers ?? []) if (!layers.has(layerDigest(layer))) layers.set(layerDigest(layer), layer);
  };
  return {
    get: (digest) => {
      if (!layers.has(digest)) learn();
      return layers.get(digest);
    },
    put: (layer) => void layers.set(layerDigest(layer), layer),
  };
}

/** The Images that the names mean from now on. @throws StatusError if the API server refuses one */
export function saveBuilt(
  client: Client,
  names: readonly string[],
  content: BuildContent,
  source: ImageSource | undefined,
): readonly Image[] {
  return names.flatMap((name) => {
    const reference = parseReference(name);
    return reference === undefined ? [] : [saveUnder(client, reference, content, source)];
  });
}

function saveUnder(client: Client, reference: Reference, content: BuildContent, source: ImageSource | undefined): Image {
  const { tag = DEFAULT_TAG } = reference;
  const repository = familiarName(reference);
  const spec = { repository, tags: [tag], pushed: false, ...content, ...(source === undefined ? {} : { source }) } as Draft<ImageSpec>;
  const digest = imageDigestOf(spec as ImageSpec);
  const others = imagesInRepository(client.api.store, repositoryName(reference));
  const same = others.filter(({ status }) => status?.digest === digest);
  const already = same.find(({ spec: own }) => own?.tags?.includes(tag) === true);
  const saved = already ?? addName(client, same, spec, digest, tag);
  takeTag(client, others, tag, saved, (image) => image.spec?.pushed === false);
  return saved;
}

/** The name goes to a built image of the same content, or a new object is made. */
function addName(client: Client, same: readonly Image[], spec: Draft<ImageSpec>, digest: string, tag: string): Image {
  const built = same.find(({ spec: own }) => own?.pushed === false);
  if (built !== undefined) {
    const changed = client.modify(IMAGES, '', built.metadata.name ?? '', (copy) => void copy.spec?.tags?.push(tag));
    if (changed !== undefined) return changed;
  }
  const name = `${slug(spec.repository)}-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  const free = client.get(IMAGES, '', name) === undefined ? name : `${name}-${slug(tag)}`;
  return client.create(IMAGES, { apiVersion: 'kubepad.dev/v1', kind: 'Image', metadata: { name: free }, spec });
}

/** Others lose the tag; one without tags that no node has is of no use to anybody. */
function takeTag(client: Client, others: readonly Image[], tag: string, owner: Image, concerns: (image: Image) => boolean): void {
  for (const image of others) {
    const name = image.metadata.name ?? '';
    const tags = image.spec?.tags ?? [];
    if (name === owner.metadata.name || !tags.includes(tag) || !concerns(image)) continue;
    if (tags.length === 1 && (image.status?.nodeCount ?? 0) === 0) client.delete(IMAGES, '', name);
    else
      client.modify(IMAGES, '', name, (copy) => void (copy.spec !== undefined && (copy.spec.tags = tags.filter((other) => other !== tag))));
  }
}

export interface Pushed {
  readonly ok: boolean;
  /** As `docker push` prints it. */
  readonly lines: readonly string[];
  readonly name?: string;
}

/** Gives the registry what the builder has under a name. @throws StatusError if the API server refuses it */
export function pushImage(client: Client, name: string): Pushed {
  const reference = parseReference(name);
  if (reference === undefined) return { ok: false, lines: ['invalid reference format'] };
  const { tag = DEFAULT_TAG, registry, path } = reference;
  const repository = repositoryName(reference);
  const lines = [`The push refers to repository [${repository}]`];
  const others = imagesInRepository(client.api.store, repository);
  const image = findMeant(others, reference);
  if (image?.spec === undefined)
    return { ok: false, lines: [...lines, `An image does not exist locally with the tag: ${familiarName(reference)}`] };
  // What has no owner on Docker Hub belongs to its official library.
  if (registry === DOCKER_HUB && path.startsWith('library/'))
    return { ok: false, lines: [...lines, 'denied: requested access to the resource is denied'] };
  const there = new Set(others.filter(({ spec }) => spec?.pushed !== false).flatMap(({ spec }) => (spec?.layers ?? []).map(layerDigest)));
  for (const layer of (image.spec.layers ?? []).toReversed()) {
    const digest = layerDigest(layer);
    lines.push(`${digest.slice('sha256:'.length, 'sha256:'.length + 12)}: ${there.has(digest) ? 'Layer already exists' : 'Pushed'}`);
  }
  const pushed = publish(client, others, image, tag);
  takeTag(client, imagesInRepository(client.api.store, repository), tag, pushed, ({ spec }) => spec?.pushed !== false);
  lines.push(`${tag}: digest: ${pushed.status?.digest ?? ''} size: ${528 + (image.spec.layers ?? []).length * 262}`);
  return { ok: true, lines, name: pushed.metadata.name ?? '' };
}

/** The registry's object of this content has the tag afterwards. */
function publish(client: Client, others: readonly Image[], image: Image, tag: string): Image {
  const name = image.metadata.name ?? '';
  if (image.spec?.pushed !== false) return image;
  const known = others.find((other) => other.spec?.pushed !== false && other.status?.digest === image.status?.digest);
  const tags = image.spec.tags ?? [];
  if (known !== undefined) {
    const changed = client.modify(IMAGES, '', known.metadata.name ?? '', (copy) => {
      if (copy.spec !== undefined && copy.spec.tags?.includes(tag) !== true) copy.spec.tags = [...(copy.spec.tags ?? []), tag];
    });
    if (tags.length === 1) client.delete(IMAGES, '', name);
    return changed ?? known;
  }
  if (tags.length > 1) {
    // The other names stay with the builder.
    client.modify(IMAGES, '', name, (copy) => void (copy.spec !== undefined && (copy.spec.tags = tags.filter((other) => other !== tag))));
    const spec = { ...(image.spec as Draft<ImageSpec>), tags: [tag], pushed: true };
    return client.create(IMAGES, { apiVersion: 'kubepad.dev/v1', kind: 'Image', metadata: { name: `${name}-${slug(tag)}` }, spec });
  }
  return client.modify(IMAGES, '', name, (copy) => void (copy.spec !== undefined && (copy.spec.pushed = true))) ?? image;
}

/** What the builder has goes before what the registry has. */
function findMeant(known: readonly Image[], { tag = DEFAULT_TAG, digest }: Reference): Image | undefined {
  const meant = known.filter(({ spec, status }) => (digest === undefined ? spec?.tags?.includes(tag) === true : status?.digest === digest));
  return meant.find(({ spec }) => spec?.pushed === false) ?? meant[0];
}

/** A part of an object's name: `localhost:5000/shop/web` is `localhost-5000-shop-web`. */
function slug(text: string): string {
  const made = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return made.slice(0, 120) || 'image';
}
