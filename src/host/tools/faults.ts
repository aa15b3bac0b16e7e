/**
 * The tool that makes things go wrong.
 * Invariant: a fault is a Fault object; whether it makes sense is the API server's judgement. Counterpart: none in Kubernetes.
 */
import type { JsonObject } from '../../base/json.ts';
import { FAULT_TYPES, FAULTS } from '../../api/kubepad/types.ts';
import * as objects from '../worker/objects.ts';
import { choice, count, optional, text, texts } from './input.ts';
import { CLUSTER } from './shared.ts';
import { answered, defineTool, refusal } from './tool.ts';

export const fault = defineTool({
  name: 'fault',
  title: 'Inject Fault',
  description:
    'Makes something go wrong in a simulated cluster, to see how manifests take it: a node or zone that fails, Pods that crash, leak memory or fail probes, images that cannot be pulled, parts of the control plane that stop. It lasts for a duration or until its Fault object is deleted. Call run_until afterwards.',
  fields: {
    type: choice('What goes wrong.', FAULT_TYPES),
    node: optional(text('NodeDown, NodeShutdown, Partition, DiskPressure, ImagePullError, ComponentDown: on this node.')),
    zone: optional(text('ZoneDown, Partition: of this zone.')),
    component: optional(
      text('ComponentDown: kube-scheduler, kube-controller-manager, kube-apiserver, kubelet, kube-proxy, coredns, etcd.'),
    ),
    namespace: optional(text('Pods of this namespace.')),
    pod: optional(text('The Pod of this name.')),
    podLabels: optional(texts('Pods with these labels.')),
    container: optional(text('One container of them.')),
    image: optional(text('ImagePullError: names of images, with * for any part.')),
    from: optional(text('When it begins, a duration from now; default: at once.')),
    duration: optional(text('How long it lasts; default: until it is deleted.')),
    exitCode: optional(count('CrashLoop: what containers end with; default 1.', 0, 255)),
    cluster: CLUSTER,
  },
  act: async ({ clusters }, input) => {
    const place = clusters.place(input.cluster);
    const { node, zone, component, namespace, pod, podLabels, container, image } = input;
    const pods = given({ namespace, name: pod, container, ...(podLabels === undefined ? {} : { selector: { matchLabels: podLabels } }) });
    const target = given({ node, zone, component, image, ...(Object.keys(pods).length === 0 ? {} : { pods }) });
    const { type, from, duration, exitCode } = input;
    const spec = given({ type, from, duration, exitCode, ...(Object.keys(target).length === 0 ? {} : { target }) });
    const object = {
      apiVersion: `${FAULTS.group}/${FAULTS.version}`,
      kind: FAULTS.kind,
      metadata: { generateName: `${type.toLowerCase()}-` },
      spec,
    };
    const answer = await objects.create(place.rest, { object, namespace: '' });
    if (!answer.ok) return refusal(answer.status);
    const { name = '' } = answer.value.metadata;
    return answered(`Fault ${name} created; delete it to end it.`, { name });
  },
});

function given(values: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as JsonObject;
}
