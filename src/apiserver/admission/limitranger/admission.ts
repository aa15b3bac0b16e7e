/**
 * LimitRanger: gives containers the requests and limits of the namespace's LimitRanges, and refuses what lies outside them.
 * Invariant: what a Pod says itself is never changed; all that is wrong by one LimitRange is said at once.
 * Counterpart: k8s.io/kubernetes/plugin/pkg/admission/limitranger.
 */
import type { Draft } from '../../../base/json.ts';
import type { Container, LimitRange, PersistentVolumeClaim, Pod } from '../../../api/schema/types/core/v1.ts';
import { aggregateContainerLimits, aggregateContainerRequests, type ResourceList } from '../../../api/core/pod/effective.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { groupResource } from '../../../apimachinery/meta/resource.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionWorld } from '../plugin.ts';
import { limitProblems, type Demand } from './constraints.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

export const limitRanger: AdmissionPlugin = { name: 'LimitRanger', admit, validate };

function admit(attributes: AdmissionAttributes, world: AdmissionWorld): undefined {
  if (!isLimited(attributes) || groupResource(attributes.strategy.resource) !== 'pods') return;
  for (const range of rangesOf(attributes, world)) setDefaults(range, attributes.object as Draft<Pod>);
}

function validate(attributes: AdmissionAttributes, world: AdmissionWorld): Status | undefined {
  if (!isLimited(attributes)) return undefined;
  const isPod = groupResource(attributes.strategy.resource) === 'pods';
  for (const range of rangesOf(attributes, world)) {
    const problems = isPod
      ? podProblems(range, attributes.object as Pod)
      : claimProblems(range, attributes.object as PersistentVolumeClaim);
    if (problems.length === 0) continue;
    const unique = [...new Set(problems)];
    const text = unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`;
    return errors.forbidden(attributes.strategy.resource, attributes.name, text);
  }
  return undefined;
}

/** New Pods and their resizes, new and changed claims; nothing that is on its way out. */
function isLimited({ strategy, operation, subresource, old }: AdmissionAttributes): boolean {
  if (operation === 'DELETE' || old?.metadata.deletionTimestamp !== undefined) return false;
  const resource = groupResource(strategy.resource);
  if (resource === 'pods') return operation === 'CREATE' ? subresource === '' : subresource === 'resize';
  return resource === 'persistentvolumeclaims' && subresource === '';
}

function rangesOf({ namespace }: AdmissionAttributes, { store }: AdmissionWorld): readonly LimitRange[] {
  return store.list('limitranges', namespace);
}

function setDefaults(range: LimitRange, pod: Draft<Pod>): void {
  const limits: Record<string, string> = {};
  const requests: Record<string, string> = {};
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return;
  const notes = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fill(container, 'container', requests, limits)),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => fill(container, 'init container', requests, limits)),
  ];
  if (notes.length > 0) (pod.metadata.annotations ??= {})[ANNOTATION] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

/** @returns what was set: `cpu, memory request for container app` */
function fill(container: Draft<Container>, what: string, requests: ResourceList, limits: ResourceList): readonly string[] {
  const resources = (container.resources ??= {});
  const setRequests = fillList((resources.requests ??= {}), requests);
  const setLimits = fillList((resources.limits ??= {}), limits);
  if (Object.keys(resources.requests).length === 0) delete resources.requests;
  if (Object.keys(resources.limits).length === 0) delete resources.limits;
  return [
    ...(setRequests.length === 0 ? [] : [`${setRequests.join(', ')} request for ${what} ${container.name}`]),
    ...(setLimits.length === 0 ? [] : [`${setLimits.join(', ')} limit for ${what} ${container.name}`]),
  ];
}

function fillList(list: Record<string, string>, defaults: ResourceList): readonly string[] {
  const missing = Object.keys(defaults)
    .filter((name) => list[name] === undefined)
    .toSorted();
  for (const name of missing) list[name] = defaults[name] ?? '';
  return missing;
}

function podProblems({ spec }: LimitRange, { spec: pod }: Pod): readonly string[] {
  const containers = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])];
  return (spec?.limits ?? []).flatMap((item) => {
    if (item.type === 'Container') return containers.flatMap(({ resources }) => limitProblems(item, demandOf(resources ?? {})));
    if (item.type !== 'Pod' || pod === undefined) return [];
    const own = pod.resources ?? {};
    const requests = { ...aggregateContainerRequests(pod), ...own.requests };
    const limits = { ...aggregateContainerLimits(pod), ...own.limits };
    return limitProblems(item, { requests, limits });
  });
}

/** Claims have no limits; what they ask for must lie in the range. */
function claimProblems({ spec }: LimitRange, claim: PersistentVolumeClaim): readonly string[] {
  const requests = claim.spec?.resources?.requests ?? {};
  return (spec?.limits ?? [])
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => limitProblems(item, { requests, limits: undefined }));
}

function demandOf({ requests = {}, limits = {} }: { readonly requests?: ResourceList; readonly limits?: ResourceList }): Demand {
  return { requests, limits };
}
