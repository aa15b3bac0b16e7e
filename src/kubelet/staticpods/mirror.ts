import { draft, type Draft } from '../../base/json.ts';
import type { Node, Pod, PodTemplateSpec } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { imageDigest } from '../../runtime/ids.ts';

const HASH = 'kubernetes.io/config.hash';
export const MIRROR = 'kubernetes.io/config.mirror';
const SEEN = 'kubernetes.io/config.seen';
const SOURCE = 'kubernetes.io/config.source';

export function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[MIRROR] !== undefined;
}

/** Whether the mirror Pod shows the static Pod as it is now. */
export function isMirrorOf({ metadata }: Pod, template: PodTemplateSpec, node: string): boolean {
  return metadata.annotations?.[MIRROR] === hashOf(template, node);
}

/** `etcd` on the node `cp-1` is `etcd-cp-1`. */
export function mirrorName({ metadata }: PodTemplateSpec, node: string): string {
  return `${metadata?.name ?? ''}-${node}`;
}

export function mirrorNamespace({ metadata }: PodTemplateSpec): string {
  return metadata?.namespace ?? 'default';
}

/** The object by which the API server shows a static Pod: the node's own, and tolerant of whatever drives Pods off. */
export function mirrorOf(template: PodTemplateSpec, node: Node, nowMs: number): Draft<Pod> {
  const { labels, annotations } = template.metadata ?? {};
  const name = node.metadata.name ?? '';
  const hash = hashOf(template, name);
  const spec: Draft<NonNullable<Pod['spec']>> = draft(template.spec ?? { containers: [] });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: mirrorName(template, name),
      namespace: mirrorNamespace(template),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      annotations: { ...annotations, [HASH]: hash, [MIRROR]: hash, [SEEN]: formatTime(nowMs), [SOURCE]: 'file' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '', controller: true }],
    },
    spec: { ...spec, nodeName: name, tolerations: [...(spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }] },
  };
}

function hashOf(template: PodTemplateSpec, node: string): string {
  return imageDigest(JSON.stringify([node, template.metadata ?? {}, template.spec ?? {}])).slice(0, 32);
}
