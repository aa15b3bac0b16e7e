/** The projected volume: several sources in one directory, none of which may claim another's path. */
import { forbidden, invalid, required } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { ProjectedVolumeSource, VolumeProjection } from '../../schema/types/core/v1.ts';
import { validateDownwardAPIFile } from './downwardAPI.ts';
import { validateLocalNonReservedPath } from './paths.ts';
import { validateKeyToPath, validateMode } from './volumesCommon.ts';
import { requireText, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

export function validateProjected(sink: Sink, volume: ProjectedVolumeSource, path: Path, options: PodValidationOptions): void {
  validateMode(sink, volume.defaultMode, path, 'defaultMode');
  const paths = new Set<string>();
  const claim = (target: string | undefined, shown: string): void => {
    if (!target) return;
    if (paths.has(target)) sink.push(invalid(path, shown, 'conflicting duplicate paths'));
    paths.add(target);
  };
  for (const [index, source] of (volume.sources ?? []).entries()) {
    const at = path.child('sources').index(index);
    validateKeyed(sink, source, 'secret', at, claim);
    validateKeyed(sink, source, 'configMap', at, claim);
    for (const file of source.downwardAPI?.items ?? []) {
      validateDownwardAPIFile(sink, file, at.child('downwardAPI'));
      claim(file.path, file.path);
    }
    if (source.serviceAccountToken) validateToken(sink, source.serviceAccountToken, path, at.child('serviceAccountToken'), options);
    const count = KINDS.filter((kind) => source[kind] !== undefined).length;
    if (count > 1) sink.push(forbidden(at, 'may not specify more than 1 volume type per source'));
  }
}

const KINDS = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'] as const satisfies readonly (keyof VolumeProjection)[];

type Claim = (target: string | undefined, shown: string) => void;

function validateKeyed(sink: Sink, source: VolumeProjection, kind: 'secret' | 'configMap', parent: Path, claim: Claim): void {
  const projection = source[kind];
  if (!projection) return;
  const path = parent.child(kind);
  requireText(sink, projection.name, path, 'name');
  for (const [index, item] of (projection.items ?? []).entries()) {
    validateKeyToPath(sink, item, path.child('items').index(index));
    claim(item.path, projection.name ?? '');
  }
}

/** Errors of the token's path are reported at the volume, not at the source. */
function validateToken(
  sink: Sink,
  token: NonNullable<VolumeProjection['serviceAccountToken']>,
  volumePath: Path,
  path: Path,
  options: PodValidationOptions,
): void {
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 600) sink.push(invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32)
    sink.push(invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (!token.path) sink.push(required(volumePath.child('path'), ''));
  else if (!options.allowNonLocalProjectedTokenPath) validateLocalNonReservedPath(sink, token.path, volumePath.child('path'));
}
