/**
 * One expectation, held against a cluster: at a moment, or followed from write to write.
 * Invariant: looks at stored objects only, and a write costs what its object costs, not what the cluster holds.
 * Counterpart: the assertions of chainsaw; `kubectl wait`.
 */
import { formatDuration, parseDuration } from '../api/kubepad/duration.ts';
import type { Load } from '../api/kubepad/load/types.ts';
import type { Event } from '../api/schema/types/core/v1.ts';
import { parseSelector } from '../apimachinery/labels/parse.ts';
import { EVERYTHING, matches, type Selector } from '../apimachinery/labels/selector.ts';
import { compileGoRegexp } from '../apimachinery/regex/goRegexp.ts';
import type { Path } from '../apimachinery/field/path.ts';
import { groupResource, objectKey, type KubeObject, type ResourceType } from '../apimachinery/meta/resource.ts';
import type { Revision } from '../apiserver/storage/revision.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { parseFieldPath, valueAt } from './fieldPath.ts';
import { fits, matcherOf, shown, wordsOf, type FieldMatcher } from './matcher.ts';
import { findResourceOf, parseName, resourceIn, wildcard } from './names.ts';
import type { Expectation } from './types.ts';

/** Something that did not hold, where it is written. */
export interface Failure {
  readonly path: Path;
  readonly message: string;
  /** What was seen instead. */
  readonly seen: string;
}

export interface World {
  readonly cluster: Cluster;
  /** For expectations that name none. */
  readonly namespace: string;
  /** How long a step took, by its name, milliseconds. */
  readonly took: (step: string) => number | undefined;
}

/** An expectation bound to a cluster. */
export interface Followed {
  /** Whether the write can have changed the answer; it is taken in. */
  see(revision: Revision): boolean;
  /** What does not hold now. */
  failures(): readonly Failure[];
  /** The state in words, where it does hold. */
  seen(): string;
}

export function follow(world: World, expectation: Expectation, path: Path): Followed {
  if (expectation.object !== undefined) return followObject(world, expectation, expectation.object, path);
  if (expectation.lost !== undefined) return followLost(world, expectation, expectation.lost, path);
  if (expectation.took !== undefined) return followTime(world, expectation, expectation.took, path);
  return new Tally(world, expectation, path);
}

/** Everything of a list that does not hold now. */
export function failuresOf(world: World, expectations: readonly Expectation[], path: Path): readonly Failure[] {
  return expectations.flatMap((each, index) => follow(world, each, path.index(index)).failures());
}

function followObject({ cluster, namespace }: World, expectation: Expectation, text: string, path: Path): Followed {
  const name = parseName(text) ?? { resource: '', name: '' };
  const at = path.child('object');
  // A custom resource may come to be served later.
  const typeOf = (): ResourceType | undefined => resourceIn(cluster, name.resource);
  const keyIn = (type: ResourceType): string => objectKey(type.namespaced ? (expectation.namespace ?? namespace) : '', name.name);
  const object = (): KubeObject | undefined => {
    const type = typeOf();
    return type === undefined ? undefined : cluster.api.store.get(groupResource(type), keyIn(type));
  };
  return {
    see: ({ resource, key }) => {
      const type = typeOf();
      return type !== undefined && groupResource(type) === resource && keyIn(type) === key;
    },
    failures: () => {
      const found = object();
      if (expectation.absent === true)
        return found === undefined ? [] : [{ path: path.child('absent'), message: `${text} should be absent`, seen: 'it is there' }];
      if (found === undefined) return [{ path: at, message: `${text} should be there`, seen: 'there is no such object' }];
      return unmet(found, expectation.fields).map(({ field, matcher, value }) => ({
        path: path.child('fields', field),
        message: `${field} of ${text} should be ${wordsOf(matcher)}`,
        seen: shown(value),
      }));
    },
    seen: () => {
      const found = object();
      if (found === undefined) return `there is no ${text}`;
      const fields = Object.keys(expectation.fields ?? {}).map((field) => `${field} of ${text} is ${shown(fieldOf(found, field))}`);
      return fields.length === 0 ? `${text} is there` : fields.join(', ');
    },
  };
}

interface Unmet {
  readonly field: string;
  readonly matcher: FieldMatcher;
  readonly value: unknown;
}

function unmet(object: KubeObject, fields: Readonly<Record<string, unknown>> = {}): readonly Unmet[] {
  return Object.entries(fields).flatMap(([field, wanted]) => {
    const [matcher, value] = [matcherOf(wanted), fieldOf(object, field)];
    return fits(matcher, value) ? [] : [{ field, matcher, value }];
  });
}

function fieldOf(object: KubeObject, field: string): unknown {
  const parsed = parseFieldPath(field);
  return 'path' in parsed ? valueAt(object, parsed.path) : undefined;
}

function followLost({ cluster }: World, expectation: Expectation, name: string, path: Path): Followed {
  const { equals, atLeast, atMost } = expectation;
  const matcher = { equals: atLeast === undefined && atMost === undefined ? (equals ?? 0) : equals, atLeast, atMost };
  const load = (): Load | undefined => cluster.api.store.get('loads.kubepad.dev', name) as Load | undefined;
  const seen = (): string => {
    const { sent = 0, failed = 0, failures = [] } = load()?.status ?? {};
    const causes = failures.map(({ cause, count }) => `${count} ${cause}`).join(', ');
    return `${failed} of ${sent} requests${causes === '' ? '' : ` (${causes})`}`;
  };
  return {
    see: ({ resource, key }) => resource === 'loads.kubepad.dev' && key === name,
    failures: () => {
      const found = load();
      if (found === undefined) return [{ path: path.child('lost'), message: `the Load ${name} should be there`, seen: 'there is none' }];
      if (fits(matcher, found.status?.failed ?? 0)) return [];
      return [{ path: path.child('lost'), message: `the Load ${name} should have lost ${wordsOf(matcher)}`, seen: seen() }];
    },
    seen: () => `the Load ${name} has lost ${seen()}`,
  };
}

function followTime({ took }: World, { atLeast, atMost }: Expectation, step: string, path: Path): Followed {
  const seen = (): string => {
    const ms = took(step);
    return ms === undefined ? 'it has not been done' : formatDuration(ms);
  };
  return {
    see: () => false,
    failures: () => {
      const ms = took(step);
      const isMet =
        ms !== undefined &&
        (atLeast === undefined || ms >= (parseDuration(String(atLeast)) ?? 0)) &&
        (atMost === undefined || ms <= (parseDuration(String(atMost)) ?? 0));
      return isMet
        ? []
        : [{ path: path.child('took'), message: `the step "${step}" should take ${wordsOf({ atLeast, atMost })}`, seen: seen() }];
    },
    seen: () => `the step "${step}" took ${seen()}`,
  };
}

/** Counts objects, or how often events were told, going through all of them once and then by each write. */
class Tally implements Followed {
  private readonly world: World;
  private readonly expectation: Expectation;
  private readonly path: Path;
  private readonly word: string;
  private readonly matcher: FieldMatcher;
  private readonly selector: Selector;
  private readonly about: RegExp | undefined;
  private readonly weights = new Map<string, number>();
  private type: ResourceType | undefined;
  private total = 0;

  constructor(world: World, expectation: Expectation, path: Path) {
    const { selector, equals, atLeast, atMost, about, event, count } = expectation;
    this.world = world;
    this.expectation = expectation;
    this.path = path.child(event === undefined ? 'count' : 'event');
    this.word = event === undefined ? (count ?? '') : 'events';
    const isOpen = equals === undefined && atLeast === undefined && atMost === undefined;
    this.matcher = { equals, atLeast: isOpen ? 1 : atLeast, atMost };
    const parsed = selector === undefined ? undefined : parseSelector(selector);
    this.selector = parsed !== undefined && 'selector' in parsed ? parsed.selector : EVERYTHING;
    this.about = about === undefined ? undefined : aboutPattern(about);
    this.find();
  }

  see({ resource, key, type, object }: Revision): boolean {
    // A kind that was not served at first.
    if (this.type === undefined && !this.find()) return false;
    if (this.type === undefined || resource !== groupResource(this.type)) return false;
    return this.weigh(key, type === 'DELETED' ? 0 : this.weightOf(object));
  }

  failures(): readonly Failure[] {
    if (fits(this.matcher, this.total)) return [];
    const message = `${this.subject()}: should be ${wordsOf(this.matcher)}`;
    return [{ path: this.path, message, seen: `${this.total}${this.others()}` }];
  }

  seen(): string {
    return `${this.subject()}: ${this.total}`;
  }

  private find(): boolean {
    this.type = resourceIn(this.world.cluster, this.word);
    if (this.type === undefined) return false;
    for (const object of this.world.cluster.api.store.list(groupResource(this.type)))
      this.weigh(objectKey(object.metadata.namespace, object.metadata.name ?? ''), this.weightOf(object));
    return true;
  }

  private weigh(key: string, weight: number): boolean {
    const before = this.weights.get(key) ?? 0;
    if (before === weight) return false;
    if (weight === 0) this.weights.delete(key);
    else this.weights.set(key, weight);
    this.total += weight - before;
    return true;
  }

  private weightOf(object: KubeObject): number {
    const { event, namespace = this.world.namespace, where } = this.expectation;
    if (this.type?.namespaced === true && namespace !== '*' && event === undefined && object.metadata.namespace !== namespace) return 0;
    if (event !== undefined) return this.timesOf(object as Event, namespace);
    return matches(this.selector, object.metadata.labels) && unmet(object, where).length === 0 ? 1 : 0;
  }

  /** Events about what is in no namespace lie in `default`. */
  private timesOf(event: Event, namespace: string): number {
    const { event: reason, type, message } = this.expectation;
    const { involvedObject, count, series } = event;
    if (namespace !== '*' && (involvedObject.namespace ?? namespace) !== namespace) return 0;
    if (reason !== '*' && event.reason !== reason) return 0;
    if (type !== undefined && event.type !== type) return 0;
    if (this.about !== undefined && !this.about.test(`${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`)) return 0;
    if (message !== undefined) {
      const compiled = compileGoRegexp(message);
      if (!('regexp' in compiled) || !compiled.regexp.test(event.message ?? '')) return 0;
    }
    return series?.count ?? count ?? 1;
  }

  private subject(): string {
    const { event, about, selector, where } = this.expectation;
    if (event !== undefined) return `events ${event}${about === undefined ? '' : ` about ${about}`}`;
    const fields = Object.entries(where ?? {}).map(([field, wanted]) => `${field} ${wordsOf(matcherOf(wanted))}`);
    const narrowed = [...(selector === undefined ? [] : [selector]), ...fields].join(', ');
    return narrowed === '' ? this.word : `${this.word} with ${narrowed}`;
  }

  /** What there is beside what counts: a look at it often says why. */
  private others(): string {
    const { event, about } = this.expectation;
    if (this.type === undefined) return ` (the server doesn't have a resource type "${this.word}")`;
    const { store } = this.world.cluster.api;
    if (event !== undefined) {
      const reasons = new Set(
        (store.list('events') as readonly Event[])
          .filter(({ involvedObject: { kind = '', name = '' } }) => this.about?.test(`${kind.toLowerCase()}/${name}`) ?? true)
          .map(({ reason }) => reason ?? ''),
      );
      return this.total > 0 || reasons.size === 0
        ? ''
        : `; told ${about === undefined ? 'was' : 'of it was'} ${[...reasons].toSorted().slice(0, MAX_NAMED).join(', ')}`;
    }
    const names = [...this.weights.keys()].toSorted().slice(0, MAX_NAMED);
    return names.length === 0 ? '' : `: ${names.join(', ')}${this.total > MAX_NAMED ? ', …' : ''}`;
  }
}

const MAX_NAMED = 8;

/** `pod/web-*`, `po/web-*`: the kind in whatever word kubectl takes. */
function aboutPattern(text: string): RegExp {
  const [word = '', name = '*'] = text.includes('/') ? text.split('/') : ['*', text];
  const kind = word === '*' ? '*' : (findResourceOf(word)?.kind.toLowerCase() ?? word.toLowerCase());
  return wildcard(`${kind}/${name}`);
}
