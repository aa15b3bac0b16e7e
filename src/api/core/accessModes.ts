/** How volumes may be mounted: the rules and the short text that volumes and claims share. */
import { forbidden, notSupported } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { Sink } from './pod/sink.ts';

const ACCESS_MODES: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** In the order in which they are printed. */
const SHORT: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** @param parent of `accessModes`; whether there must be any is the caller's to say */
export function validateAccessModes(sink: Sink, modes: readonly string[], parent: Path): void {
  const path = parent.child('accessModes');
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) sink.push(notSupported(path, mode, ACCESS_MODES));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode)))
    sink.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
}

/** `RWO,ROX` */
export function formatAccessModes(modes: readonly string[] | undefined): string {
  return SHORT.filter(([mode]) => modes?.includes(mode) === true)
    .map(([, short]) => short)
    .join(',');
}
