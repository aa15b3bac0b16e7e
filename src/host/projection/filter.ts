/**
 * The filter box: words that must all match. `web`, `app=web`, `app!=web`, `status:pending`, `ns:shop`, `node:worker-1`.
 * Invariant: a filter is a pure test of an object and its group; an unfinished word (`status:`) matches everything.
 */
import type { Event, Pod } from '../../api/schema/types/core/v1.ts';
import { summarise } from './podSummary.ts';

export interface PodFilter {
  /** @param groupName the node, workload or namespace it is shown under */
  readonly matches: (pod: Pod, groupName: string) => boolean;
  /** A group is shown although none of its Pods matches. */
  readonly matchesGroup: (name: string) => boolean;
}

/** Undefined: there is nothing to filter by. */
export function parsePodFilter(text: string): PodFilter | undefined {
  const tests = words(text).map(podTest);
  if (tests.length === 0) return undefined;
  // `node:worker-1` names the node itself too, which may have no Pods.
  const names = words(text).map((word) => word.replace(/^node:/, ''));
  const plain = names.every((name) => !/[:=]/.test(name));
  return {
    matches: (pod, group) => tests.every((test) => test(pod, group)),
    matchesGroup: (group) => plain && names.every((name) => group.toLowerCase().includes(name)),
  };
}

function words(text: string): readonly string[] {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

type PodTest = (pod: Pod, group: string) => boolean;

function podTest(word: string): PodTest {
  const label = /^([^:=!]+)(!?)={1,2}(.*)$/.exec(word);
  if (label !== null) return labelTest(label[1] ?? '', label[2] === '!', label[3] ?? '');
  const named = /^([a-z]+):(.*)$/.exec(word);
  const value = named?.[2] ?? '';
  switch (named?.[1]) {
    case 'status':
      return (pod) => statusMatches(pod, value);
    case 'ns':
    case 'namespace':
      return (pod) => (pod.metadata.namespace ?? '').includes(value);
    case 'node':
      return (pod) => (pod.spec?.nodeName ?? '').includes(value);
    case 'image':
      return (pod) => (pod.spec?.containers ?? []).some(({ image }) => image?.toLowerCase().includes(value) === true);
    case 'ip':
      return (pod) => (pod.status?.podIP ?? '').startsWith(value);
    default:
      return (pod, group) => (pod.metadata.name ?? '').includes(word) || group.toLowerCase().includes(word);
  }
}

/** Letter case does not count: the words were lowered, so values are compared so. An empty value asks for the key only. */
function labelTest(key: string, not: boolean, value: string): PodTest {
  return (pod) => {
    const found = Object.entries(pod.metadata.labels ?? {}).find(([name]) => name.toLowerCase() === key)?.[1];
    const same = found !== undefined && (value === '' || found.toLowerCase() === value);
    return same !== not;
  };
}

function statusMatches(pod: Pod, value: string): boolean {
  const { status, counts, isReady } = summarise(pod);
  if (value === 'ready') return isReady;
  if (value === 'notready') return !isReady;
  return status.toLowerCase().includes(value) || counts.startsWith(value) || (pod.status?.phase ?? '').toLowerCase().startsWith(value);
}

export type EventTest = (event: Event) => boolean;

/** Undefined: there is nothing to filter by. */
export function parseEventFilter(text: string): EventTest | undefined {
  const tests = words(text).map(eventTest);
  return tests.length === 0 ? undefined : (event) => tests.every((test) => test(event));
}

function eventTest(word: string): EventTest {
  const named = /^([a-z]+):(.*)$/.exec(word);
  const value = named?.[2] ?? '';
  switch (named?.[1]) {
    case 'type':
      return (event) => (event.type ?? '').toLowerCase().startsWith(value);
    case 'object':
      return ({ involvedObject: { kind = '', name = '' } }) => `${kind.toLowerCase()}/${name}` === value || value === '';
    case 'from':
    case 'actor':
      return (event) => eventSource(event).toLowerCase().includes(value);
    case 'reason':
      return (event) => (event.reason ?? '').toLowerCase().includes(value);
    case 'kind':
      return (event) => (event.involvedObject.kind ?? '').toLowerCase().startsWith(value);
    case 'ns':
    case 'namespace':
      return (event) => (event.involvedObject.namespace ?? '').includes(value);
    case 'name':
      return (event) => (event.involvedObject.name ?? '').includes(value);
    default:
      return (event) =>
        [event.involvedObject.name, event.reason, event.message, eventSource(event)].some(
          (part) => part?.toLowerCase().includes(word) === true,
        );
  }
}

export function eventSource(event: Event): string {
  const component = event.source?.component ?? '';
  return component === '' ? (event.reportingComponent ?? '') : component;
}
