/**
 * Watches: the changes of a resource since a version, as lines of JSON.
 * Invariant: every change that the selectors concern is sent once and in order; an object that stops being selected is
 * DELETED for this watcher, one that begins to be is ADDED.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers/watch.go and pkg/storage/cacher.
 */
import type { Strategy } from '../../api/strategy.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { apiVersion, groupResource, type KubeObject, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { attachManaged, managedOf } from '../storage/managed.ts';
import type { Revision } from '../storage/revision.ts';
import type { Store } from '../storage/store.ts';
import { flagOf, type WatchStream } from './http.ts';
import { checkListOptions } from './listOptions.ts';
import { expired, invalidVersion, isSelected, isStatus, parseVersion, selectorOf, type ObjectSelector } from './list.ts';
import type { Negotiated } from './negotiation.ts';
import { PROTOBUF, toWatchFrame } from './protobuf.ts';
import { asWritten, fromStorage, storageOf } from './versions.ts';
import { toPartialMetadata, toTable, type IncludeObject } from './transform.ts';

export interface WatchOptions {
  readonly store: Store;
  readonly strategy: Strategy;
  readonly type: ResourceType;
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly encoding: Negotiated;
  readonly now: () => number;
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

const MIN_TIMEOUT_MS = 1_800_000;
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export function openWatch(options: WatchOptions): WatchStream | Status {
  const { query, type } = options;
  const selector = selectorOf(type, query);
  if (isStatus(selector)) return selector;
  const refusal = checkListOptions(query);
  if (refusal !== undefined) return refusal;
  const text = query.get('resourceVersion') ?? '';
  const revision = parseVersion(text);
  if (revision === undefined) return invalidVersion(text);
  const sendInitial = flagOf(query, 'sendInitialEvents');
  return new Watch(options, selector, revision, sendInitial);
}

class Watch implements WatchStream {
  readonly kind = 'watch';
  readonly headers: Readonly<Record<string, string>>;
  readonly binary: boolean;
  readonly timeoutMs: number;
  ended = false;
  private readonly options: WatchOptions;
  private readonly selector: ObjectSelector;
  private readonly bookmarks: boolean;
  /** Objects that are there already and still to be sent. */
  private initial: readonly KubeObject[] = [];
  private initialEnd = false;
  private position: number;
  private columnsSent = false;

  constructor(options: WatchOptions, selector: ObjectSelector, revision: number, sendInitial: boolean | undefined) {
    this.options = options;
    this.selector = selector;
    const { store, type, namespace, query } = options;
    this.binary = options.encoding.mediaType === PROTOBUF;
    this.headers = { 'Content-Type': this.binary ? `${PROTOBUF};stream=watch` : 'application/json' };
    this.bookmarks = flagOf(query, 'allowWatchBookmarks') === true;
    const seconds = Number(query.get('timeoutSeconds') ?? '0');
    this.timeoutMs = seconds > 0 ? seconds * 1000 : MIN_TIMEOUT_MS;
    const fromNow = sendInitial === false && revision === 0;
    const withInitial = sendInitial === true || (sendInitial === undefined && revision === 0);
    this.position = withInitial || fromNow ? store.revision : revision;
    if (withInitial)
      this.initial = store.list(groupResource(storageOf(type)), namespace).filter((object) => isSelected(type, selector, object));
    this.initialEnd = sendInitial === true && this.bookmarks;
  }

  read(limit: number): string {
    let text = '';
    let count = 0;
    if (this.initial.length > 0) {
      const part = this.initial.slice(0, limit);
      this.initial = this.initial.slice(part.length);
      for (const object of part) text += this.line('ADDED', object);
      count = part.length;
    }
    if (this.initial.length === 0 && this.initialEnd) {
      this.initialEnd = false;
      text += this.line('BOOKMARK', this.bookmarkObject({ [INITIAL_EVENTS_END]: 'true' }));
    }
    if (this.ended || count >= limit || this.position >= this.options.store.revision) return text;
    return text + this.readChanges(limit - count);
  }

  bookmark(): string {
    return this.bookmarks && !this.ended && this.initial.length === 0 ? this.line('BOOKMARK', this.bookmarkObject()) : '';
  }

  onChange(listener: () => void): Disposable {
    const resource = groupResource(storageOf(this.options.type));
    return this.options.store.onRevision((entry) => {
      if (entry.resource === resource) listener();
    });
  }

  private readChanges(limit: number): string {
    const { store, type } = this.options;
    const resource = groupResource(storageOf(type));
    const head = store.revision;
    const changes = store.since(resource, this.position);
    if (changes === undefined) return this.fail(expired(this.position, store.compactedRevision(resource)));
    let text = '';
    let count = 0;
    for (const change of changes) {
      if (count >= limit) return text;
      const line = this.change(change);
      this.position = change.revision;
      if (line === undefined) continue;
      text += line;
      count++;
    }
    this.position = head;
    return text;
  }

  private fail(status: Status): string {
    this.ended = true;
    return this.binary ? toWatchFrame('ERROR', status) : `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
  }

  private change({ type, object, previous }: Revision): string | undefined {
    const { namespace, type: resource } = this.options;
    if (namespace !== '' && object.metadata.namespace !== namespace) return undefined;
    const is = type !== 'DELETED' && isSelected(resource, this.selector, object);
    const was = previous !== undefined && isSelected(resource, this.selector, previous);
    if (is) return this.line(was ? 'MODIFIED' : 'ADDED', object);
    if (!was) return undefined;
    // A watcher with a selector sees the last state that it knew, under the version of the change.
    const last =
      type === 'DELETED'
        ? object
        : attachManaged(
            { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion ?? '' } },
            managedOf(previous),
          );
    return this.line('DELETED', last);
  }

  private line(type: EventType, object: KubeObject): string {
    const transformed = this.transformed(type, object);
    return this.binary ? toWatchFrame(type, transformed) : `${JSON.stringify({ type, object: transformed })}\n`;
  }

  private transformed(eventType: EventType, stored: KubeObject): unknown {
    const { encoding, strategy, type, query, now } = this.options;
    const object = eventType === 'BOOKMARK' ? stored : fromStorage(type, stored);
    const version = encoding.transformVersion ?? 'meta.k8s.io/v1';
    if (encoding.transform === undefined) return { kind: type.kind, apiVersion: apiVersion(type), ...asWritten(type, object) };
    if (encoding.transform !== 'Table') return toPartialMetadata(object, version);
    const withColumns = !this.columnsSent;
    this.columnsSent = true;
    const objects = eventType === 'BOOKMARK' ? [] : [object];
    const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' };
    return toTable(objects, metadata, { strategy, type, version, include, nowMs: now(), withColumns });
  }

  private bookmarkObject(annotations?: Readonly<Record<string, string>>): KubeObject {
    return { metadata: { resourceVersion: String(this.position), ...(annotations === undefined ? {} : { annotations }) } };
  }
}
