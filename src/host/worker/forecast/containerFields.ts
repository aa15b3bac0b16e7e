/** Where in a Pod something of a container stands. */
import type { Container, Pod } from '../../../api/schema/types/core/v1.ts';
import type { Field, Steps } from './trouble.ts';
import { claimTemplateField } from './unscheduled.ts';

function placeOf(pod: Pod, { name }: Container): Steps {
  const isInit = pod.spec?.initContainers?.some((each) => each.name === name) === true;
  return ['spec', isInit ? 'initContainers' : 'containers', name];
}

/** A field of a container; where it is not written, the container. */
export function containerField(pod: Pod, container: Container, ...steps: Steps): Field {
  return [[...placeOf(pod, container), ...steps]];
}

/** The annotation that says what the container does. */
export function restartField({ name }: Container): Steps {
  return ['metadata', 'annotations', `kubepad.dev/program.${name}`];
}

/** The reference that a refusal such as `configmap "a" not found` or `couldn't find key b in Secret default/a` names. */
export function envField(pod: Pod, container: Container, message: string): Field {
  const at = placeOf(pod, container);
  if (/runAsNonRoot|run as root|non-root/i.test(message))
    return [
      [...at, 'securityContext', 'runAsNonRoot'],
      ['spec', 'securityContext', 'runAsNonRoot'],
      [...at, 'image'],
    ];
  const name = /"([^"]+)" not found/.exec(message)?.[1] ?? /in (?:ConfigMap|Secret) [^/\s]+\/(\S+)/.exec(message)?.[1];
  const key = /find key (\S+)/.exec(message)?.[1];
  for (const { name: variable, valueFrom } of container.env ?? [])
    for (const source of ['configMapKeyRef', 'secretKeyRef'] as const) {
      const reference = valueFrom?.[source];
      if (reference === undefined || reference.name !== name || (key !== undefined && reference.key !== key)) continue;
      return [[...at, 'env', variable, 'valueFrom', source, key === undefined ? 'name' : 'key']];
    }
  for (const [index, from] of (container.envFrom ?? []).entries())
    for (const source of ['configMapRef', 'secretRef'] as const)
      if (from[source]?.name === name && name !== undefined) return [[...at, 'envFrom', index, source, 'name']];
  return [[...at, 'env'], [...at, 'envFrom'], at];
}

/** The name in a volume's source, else the volume. */
export function volumeOf(pod: Pod, name: string | undefined): Field {
  const volume = pod.spec?.volumes?.find((each) => each.name === name);
  if (volume === undefined) return [['spec', 'volumes']];
  const at: Steps = ['spec', 'volumes', volume.name];
  const source = SOURCES.find(([kind]) => volume[kind] !== undefined);
  return [...(source === undefined ? [] : [[...at, ...source]]), at, ...claimTemplateField(volume.name)];
}

const SOURCES = [
  ['configMap', 'name'],
  ['secret', 'secretName'],
  ['persistentVolumeClaim', 'claimName'],
] as const;
