/** Resources and objects as a person names them to kubectl: `deploy`, `pods`, `deployment/web`, `lamps.example.com`. */
import { RESOURCES } from '../api/register.ts';
import type { ResourceType } from '../apimachinery/meta/resource.ts';
import type { Cluster } from '../cluster/cluster.ts';

interface Word {
  readonly group: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
}

/** `deployment/web`; undefined if the text is none. */
export function parseName(text: string): { readonly resource: string; readonly name: string } | undefined {
  const [, resource, name] = /^([\w.-]+)\/([\w.:-]+)$/.exec(text) ?? [];
  return resource === undefined || name === undefined ? undefined : { resource, name };
}

/** A text in which `*` stands for any part. */
export function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

const KNOWN: ReadonlyMap<string, ResourceType> = wordsOf(RESOURCES.map((resource) => ({ resource, word: resource })));

/** One of the resources that every cluster serves. */
export function findResourceOf(word: string): ResourceType | undefined {
  return KNOWN.get(word.toLowerCase());
}

/** A resource of a cluster, custom ones included. */
export function resourceIn({ api }: Cluster, word: string): ResourceType | undefined {
  const known = findResourceOf(word);
  if (known !== undefined) return known;
  const custom = api.catalog.customStrategies().map(({ resource }) => ({
    resource,
    word: { ...resource, singular: resource.kind.toLowerCase(), shortNames: [] },
  }));
  return wordsOf(custom).get(word.toLowerCase());
}

/** Of equal words the preferred version of the first group counts. */
function wordsOf(
  all: readonly { readonly resource: ResourceType & { readonly preferred?: boolean }; readonly word: Word }[],
): ReadonlyMap<string, ResourceType> {
  const words = new Map<string, ResourceType>();
  // The core group first: `events` are its own, though another group has some of that name.
  const ordered = all.toSorted(
    (a, b) =>
      Number(a.word.group !== '') - Number(b.word.group !== '') ||
      Number(b.resource.preferred ?? true) - Number(a.resource.preferred ?? true),
  );
  for (const { resource, word } of ordered)
    for (const name of [word.plural, word.singular, word.kind.toLowerCase(), ...word.shortNames])
      for (const full of word.group === '' ? [name] : [name, `${name}.${word.group}`]) if (!words.has(full)) words.set(full, resource);
  return words;
}
