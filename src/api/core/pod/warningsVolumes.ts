/** Volumes whose drivers are gone, and files of one volume that hide each other. */
import { quote } from '../../../apimachinery/field/quote.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { PodSpec, Volume, VolumeProjection } from '../../schema/types/core/v1.ts';
import { fraction } from './warningsFractions.ts';

/** In the order of the server's messages; the printed name is not always the field's. */
const DEPRECATED: readonly (readonly [field: keyof Volume, printed: string, text: string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
];
const DEPRECATED_LATER: typeof DEPRECATED = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

export function volumeWarnings(warnings: string[], spec: PodSpec, specPath: Path): void {
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const path = (): Path => specPath.child('volumes').index(index);
    deprecations(warnings, volume, DEPRECATED, path);
    const storage = volume.ephemeral?.volumeClaimTemplate?.spec?.resources;
    for (const list of ['requests', 'limits'] as const)
      fraction(warnings, storage?.[list]?.['storage'], () =>
        path().child('ephemeral', 'volumeClaimTemplate', 'spec', 'resources', list).key('storage'),
      );
    deprecations(warnings, volume, DEPRECATED_LATER, path);
  }
}

function deprecations(warnings: string[], volume: Volume, list: typeof DEPRECATED, path: () => Path): void {
  for (const [field, printed, text] of list) if (volume[field] !== undefined) warnings.push(`${path().child(printed).toString()}: ${text}`);
}

/** A path, and for projected volumes the source that claims it. */
interface Placed {
  readonly path: string;
  readonly source: string;
}

export function overlapWarnings(warnings: string[], spec: PodSpec): void {
  for (const volume of spec.volumes ?? []) {
    const { name, configMap, secret, downwardAPI, projected } = volume;
    if (configMap?.items) report(warnings, `volume ${quote(name)} (ConfigMap ${quote(configMap.name ?? '')})`, place(configMap.items, ''));
    if (secret?.items) report(warnings, `volume ${quote(name)} (Secret ${quote(secret.secretName ?? '')})`, place(secret.items, ''));
    if (downwardAPI?.items) report(warnings, `volume ${quote(name)} (DownwardAPI)`, place(downwardAPI.items, ''));
    if (projected) projectedWarnings(warnings, name, projected.sources ?? []);
  }
}

function projectedWarnings(warnings: string[], name: string, sources: readonly VolumeProjection[]): void {
  const seen: Placed[] = [];
  for (const source of sources) {
    if (Object.values(source).every((value) => value === undefined)) {
      warnings.push(`volume ${quote(name)} (Projected) has no sources provided`);
      continue;
    }
    report(warnings, `volume ${quote(name)} (Projected)`, placeSource(source), seen);
  }
}

function placeSource(source: VolumeProjection): readonly Placed[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap?.items) return place(configMap.items, ` (ConfigMap ${quote(configMap.name ?? '')})`);
  if (secret?.items) return place(secret.items, ` (Secret ${quote(secret.name ?? '')})`);
  if (downwardAPI?.items) return place(downwardAPI.items, ' (DownwardAPI)');
  return serviceAccountToken ? place([serviceAccountToken], ' (ServiceAccountToken)') : [];
}

function place(items: readonly { readonly path?: string }[], source: string): readonly Placed[] {
  return items.map((item) => ({ path: (item.path ?? '').replace(/\/+$/, ''), source }));
}

/** One warning for each earlier path that is the same, or a folder of it, or inside it. */
function report(warnings: string[], what: string, paths: readonly Placed[], seen: Placed[] = []): void {
  for (const placed of paths) {
    for (const other of seen)
      if (overlaps(placed.path, other.path))
        warnings.push(`${what}: overlapping paths: ${quote(placed.path)}${placed.source} with ${quote(other.path)}${other.source}`);
    seen.push(placed);
  }
}

function overlaps(left: string, right: string): boolean {
  if (left === '' || right === '') return false;
  return left === right || left.startsWith(`${right}/`) || right.startsWith(`${left}/`);
}
