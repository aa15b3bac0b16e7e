/**
 * The names of time zones that the API server knows: those of the IANA database, old ones and all.
 * Counterpart: time.LoadLocation of Go, with its texts.
 */
import areas from '../../schema/facts/timeZones.json' with { type: 'json' };

/** Why a text names no place; undefined if it does. Names are read letter by letter: `europe/berlin` is none. */
export function locationError(name: string): string | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return undefined;
  if (name.includes('..') || name.startsWith('/') || name.startsWith('\\')) return 'time: invalid location name';
  return names().has(name) ? undefined : `unknown time zone ${name}`;
}

let known: ReadonlySet<string> | undefined;

function names(): ReadonlySet<string> {
  known ??= new Set(
    Object.entries(areas).flatMap(([area, places]) => places.split(' ').map((place) => (area === '' ? place : `${area}/${place}`))),
  );
  return known;
}
