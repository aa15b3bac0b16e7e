/** The `resize` subresource: cpu and memory of running containers may change, within the Pod's class of service. */
import { jsonEqual, type Draft } from '../../../base/json.ts';
import { forbidden, invalid, type ErrorList } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { Container, Pod, ResourceRequirements } from '../../schema/types/core/v1.ts';
import { MIRROR_POD } from './annotations.ts';
import { computeQOSClass, podQOSClass } from './qos.ts';
import { isRestartableInit } from './visit.ts';
import { semanticallyEqual, validateUpdateOfAnyKind } from './update.ts';
import type { Sink } from './sink.ts';

const SPEC = Path.of('spec');

/** Only resources and resize policies are taken from what was sent. */
export function prepareResize(pod: Draft<Pod>, old: Pod): void {
  const sent = pod.spec;
  pod.status = old.status as Draft<Pod>['status'] & object;
  const kept = old.spec as Draft<NonNullable<Pod['spec']>>;
  pod.spec = { ...kept };
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = kept[list];
    if (containers?.length !== sent?.[list]?.length) {
      // Containers that come or go are refused afterwards.
      if (sent?.[list] === undefined) delete pod.spec[list];
      else pod.spec[list] = sent[list];
      continue;
    }
    if (containers === undefined) continue;
    pod.spec[list] = containers.map((container, index) => withResources(container, sent?.[list]?.[index] ?? container));
  }
}

function withResources(container: Draft<Container>, sent: Draft<Container>): Draft<Container> {
  const { resources: _, resizePolicy: __, ...rest } = container;
  return {
    ...rest,
    ...(sent.resources && { resources: sent.resources }),
    ...(sent.resizePolicy && { resizePolicy: sent.resizePolicy }),
  };
}

export function validateResize(pod: Pod, old: Pod): ErrorList {
  if (old.metadata.annotations?.[MIRROR_POD] !== undefined) return [forbidden(Path.root, 'static pods cannot be resized')];
  if (old.spec?.os?.name === 'windows') return [forbidden(Path.root, 'windows pods cannot be resized')];
  const sink: Sink = [];
  validateUpdateOfAnyKind(sink, pod, old);
  if (podQOSClass(old) !== computeQOSClass(pod.spec))
    sink.push(invalid(SPEC, pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  const running = (old.status?.containerStatuses ?? []).find((status) => status.state?.running);
  if (running && !running.resources) sink.push(forbidden(SPEC, 'Pod running on node without support for resize'));
  const reordered = containerOrder(pod, old);
  if (reordered.length > 0) return [...sink, ...reordered];
  for (const list of ['initContainers', 'containers'] as const)
    for (const [index, before] of (old.spec?.[list] ?? []).entries()) {
      const after = pod.spec?.[list]?.[index];
      if (!after || (list === 'initContainers' && !isRestartableInit(before))) continue;
      validateContainerResize(sink, after, before, SPEC.child(list).index(index).child('resources'));
    }
  validateOnlyComputeChanged(sink, pod, old);
  return sink;
}

/** The rest compares containers one by one, so they must be the same ones. */
function containerOrder(pod: Pod, old: Pod): ErrorList {
  return (['containers', 'initContainers'] as const).flatMap((list) => {
    const before = old.spec?.[list] ?? [];
    const after = pod.spec?.[list] ?? [];
    const path = SPEC.child(list);
    if (before.length !== after.length) return [forbidden(path, `${list} may not be added or removed on resize`)];
    return before.flatMap(({ name }, index) =>
      after[index]?.name === name ? [] : [forbidden(path.index(index).child('name'), `${list} may not be renamed or reordered on resize`)],
    );
  });
}

function validateContainerResize(sink: Sink, container: Container, old: Container, path: Path): void {
  const now = container.resources ?? {};
  const before = old.resources ?? {};
  if (isRemoved(now.requests, before.requests)) sink.push(forbidden(path.child('requests'), 'resource requests cannot be removed'));
  if (isRemoved(now.limits, before.limits)) sink.push(forbidden(path.child('limits'), 'resource limits cannot be removed'));
}

type List = { readonly [name: string]: string };

function isRemoved(list: List = {}, old: List = {}): boolean {
  return Object.keys(old).some((name) => list[name] === undefined);
}

function validateOnlyComputeChanged(sink: Sink, pod: Pod, old: Pod): void {
  for (const [index, before] of (old.spec?.containers ?? []).entries()) {
    const after = pod.spec?.containers[index];
    if (after && !semanticallyEqual(withoutCompute(after), withoutCompute(before)))
      sink.push(forbidden(SPEC, 'only cpu and memory resources are mutable'));
  }
  for (const [index, before] of (old.spec?.initContainers ?? []).entries()) {
    const after = pod.spec?.initContainers?.[index];
    if (!after) continue;
    if (!isRestartableInit(before)) {
      if (!semanticallyEqual(after, before)) sink.push(forbidden(SPEC, 'resources for non-sidecar init containers are immutable'));
    } else if (!semanticallyEqual(withoutCompute(after), withoutCompute(before)))
      sink.push(forbidden(SPEC, 'only cpu and memory resources for sidecar containers are mutable'));
  }
  if (sink.length > 0) return;
  const { containers: _, initContainers: __, ...rest } = pod.spec ?? { containers: [] };
  const { containers: ___, initContainers: ____, ...oldRest } = old.spec ?? { containers: [] };
  if (!jsonEqual(rest, oldRest)) sink.push(forbidden(SPEC, 'only cpu and memory resources are mutable'));
}

function withoutCompute(container: Container): Container {
  const strip = (list: List | undefined): List =>
    Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => name !== 'cpu' && name !== 'memory'));
  const resources: ResourceRequirements = {
    ...container.resources,
    limits: strip(container.resources?.limits),
    requests: strip(container.resources?.requests),
  };
  return { ...container, resources };
}
