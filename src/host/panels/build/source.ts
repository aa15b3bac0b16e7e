/**
 * A Dockerfile's next build, the images that came of it, their layers, registries, and who runs them.
 * Invariant: files are read only when the query says that they changed, or a build has changed what is cached.
 * Counterpart: docker history, docker images, and a search for the workloads that name an image.
 */
import { imageDigestOf, layerDigest } from '../../../api/kubepad/image/digest.ts';
import { DOCKER_HUB, familiarName, isOfWorkspace, parseReference, repositoryName } from '../../../api/kubepad/image/reference.ts';
import { IMAGES, type Image, type ImageLayer } from '../../../api/kubepad/image/types.ts';
import { NODES } from '../../../api/schema/resources.ts';
import { groupResource, objectKey } from '../../../apimachinery/meta/resource.ts';
import { imagesInRepository } from '../../../apiserver/imageIndex.ts';
import type { Client } from '../../../client/client.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { baseImageOf } from '../../../image/base/known.ts';
import type { LayerCache } from '../../../image/build/build.ts';
import { imageUsers } from '../../images/users.ts';
import { liveState } from '../../worker/liveState.ts';
import type { PanelSource } from '../panels.ts';
import type { BuildModel, BuildQuery, ImageLayerModel, ImageModel, RegistryModel, UserModel } from './model.ts';
import { nextBuild, type NextBuild } from './steps.ts';

const IMAGE_RESOURCE = groupResource(IMAGES);
/** Whose writes may change what is shown. */
const RESOURCES: ReadonlySet<string> = new Set([
  IMAGE_RESOURCE,
  'nodes',
  'pods',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
]);

export function buildSource(cluster: () => Cluster, cache: () => LayerCache): PanelSource<BuildQuery> {
  /** By the Dockerfile's path: what was found for a version of its files. */
  const builds = new Map<string, { readonly version: number; readonly images: string; readonly build: NextBuild }>();
  const buildOf = ({ dockerfile }: BuildQuery, client: Client, images: readonly Image[]): NextBuild => {
    if (dockerfile === undefined) return { steps: [] };
    const { path, version } = dockerfile;
    const state = images.map(({ metadata }) => metadata.resourceVersion).join();
    const known = builds.get(path);
    if (known?.version === version && known.images === state) return known.build;
    const build = nextBuild(dockerfile, client, cache(), images);
    builds.set(path, { version, images: state, build });
    return build;
  };
  return {
    picture: (query) => {
      const client = cluster().admin();
      const images = imagesOf(client, query);
      return pictureOf(cluster(), query, images, buildOf(query, client, images));
    },
    concerns: (_, { resource }) => RESOURCES.has(resource),
    moves: () => false,
  };
}

/** The newest first. */
function imagesOf(client: Client, { dockerfile, repository }: BuildQuery): readonly Image[] {
  const reference = parseReference(repository);
  const found =
    dockerfile === undefined
      ? reference === undefined
        ? []
        : imagesInRepository(client.api.store, repositoryName(reference))
      : client.list(IMAGES).filter(({ spec }) => spec?.source?.dockerfile === dockerfile.uri);
  const at = ({ metadata }: Image): string => `${metadata.creationTimestamp ?? ''} ${(metadata.resourceVersion ?? '').padStart(12, '0')}`;
  return found.toSorted((a, b) => (at(a) < at(b) ? 1 : -1));
}

function pictureOf(cluster: Cluster, query: BuildQuery, images: readonly Image[], { steps, problem }: NextBuild): BuildModel {
  const client = cluster.admin();
  const shown = images.find(({ metadata }) => metadata.name === query.image) ?? images[0];
  const repositories = [...new Set(images.map(({ spec }) => spec?.repository ?? ''))];
  if (query.repository !== '' && !repositories.includes(query.repository)) repositories.push(query.repository);
  // Of an image that nobody described here, what is known of the well-known ones.
  const known = shown === undefined && query.repository !== '' ? baseImageOf(query.repository) : undefined;
  return {
    title: query.repository === '' ? (query.dockerfile?.path.split(/[\\/]/).at(-1) ?? '') : query.repository,
    steps,
    ...(problem === undefined ? {} : { problem }),
    images: images.map(imageModel),
    shown: shown?.metadata.name ?? known?.name ?? '',
    layers: layersOf(client, shown?.spec?.layers ?? known?.layers ?? []),
    base: shown?.spec?.base ?? '',
    registries: repositories.flatMap((repository) => registryOf(repository, images)),
    users: usersOf(cluster, repositories),
    holders: images.length > 0 ? [] : holdersOf(client, query.repository),
  };
}

function imageModel({ metadata, spec, status }: Image): ImageModel {
  return {
    key: metadata.name ?? '',
    repository: spec?.repository ?? '',
    tags: spec?.tags ?? [],
    digest: status?.digest ?? (spec === undefined ? '' : imageDigestOf(spec)),
    sizeBytes: status?.size ?? 0,
    pushed: spec?.pushed !== false,
    nodes: status?.nodes ?? [],
    nodeCount: status?.nodeCount ?? 0,
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
  };
}

/** From the topmost. */
function layersOf(client: Client, layers: readonly ImageLayer[]): readonly ImageLayerModel[] {
  const counts = new Map<string, number>();
  for (const { spec } of client.list(IMAGES))
    for (const digest of new Set((spec?.layers ?? []).map(layerDigest))) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  return layers
    .map((layer, index): ImageLayerModel => {
      const digest = layerDigest(layer);
      const { size: sizeBytes, createdBy = '', files = [] } = layer;
      return { key: `${index} ${digest}`, digest, sizeBytes, createdBy, files: files.length, images: counts.get(digest) ?? 0 };
    })
    .toReversed();
}

function registryOf(repository: string, images: readonly Image[]): readonly RegistryModel[] {
  const reference = parseReference(repository);
  if (reference === undefined) return [];
  const { registry } = reference;
  const tags = (pushed: boolean): readonly string[] =>
    images
      .filter(({ spec }) => spec?.repository === repository && (spec.pushed !== false) === pushed)
      .flatMap(({ spec }) => spec?.tags ?? [])
      .toSorted();
  return [
    { key: repository, registry, kind: kindOf(registry), repository: familiarName(reference), pushed: tags(true), local: tags(false) },
  ];
}

function kindOf(registry: string): string {
  if (registry === DOCKER_HUB) return 'Docker Hub';
  if (/\.dkr\.ecr\./.test(registry)) return 'Amazon ECR, private';
  return isOfWorkspace(registry) ? 'of this workspace' : 'of the world';
}

function usersOf(cluster: Cluster, repositories: readonly string[]): readonly UserModel[] {
  const { api } = cluster;
  return imageUsers(cluster.admin(), repositories).map(({ ref, image }): UserModel => {
    const resource = api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
    const object = resource === undefined ? undefined : api.store.get(groupResource(resource), objectKey(ref.namespace, ref.name));
    const state = object === undefined ? '' : liveState(api.store, ref.kind, object);
    return { key: `${ref.kind} ${ref.namespace}/${ref.name}`, ref, image, state };
  });
}

function holdersOf(client: Client, repository: string): BuildModel['holders'] {
  const wanted = wholeName(repository);
  return client.list(NODES).flatMap(({ metadata, status }) => {
    const held = (status?.images ?? []).filter(({ names = [] }) => names.some((name) => wholeName(name) === wanted));
    if (held.length === 0) return [];
    const names = held.flatMap((each) => each.names ?? []).filter((name) => !name.includes('@'));
    return [{ key: metadata.name ?? '', images: names, sizeBytes: held.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0) }];
  });
}

function wholeName(name: string): string {
  const reference = parseReference(name);
  return reference === undefined ? name : repositoryName(reference);
}
