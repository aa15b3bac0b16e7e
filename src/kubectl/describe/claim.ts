/** A claim of storage: what it asks for, what it has, and the Pods that use it. */
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { translateTimestampSince } from '../../api/duration.ts';
import type { PersistentVolumeClaim, Pod } from '../../api/schema/types/core/v1.ts';
import { send, type Rest } from '../rest.ts';
import { aligned, below, entries } from './tabs.ts';

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export async function describeClaim(rest: Rest, object: UnknownObject, nowMs: number): Promise<readonly string[]> {
  const { metadata, spec, status } = object as unknown as PersistentVolumeClaim;
  const deleted = metadata.deletionTimestamp;
  const bound = spec?.volumeName !== undefined && spec.volumeName !== '';
  const modes = (status?.accessModes ?? []).map((mode) => SHORT_MODES[mode] ?? mode);
  const conditions = status?.conditions ?? [];
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    `StorageClass:\t${spec?.storageClassName ?? ''}`,
    `Status:\t${deleted === undefined ? (status?.phase ?? '') : `Terminating (lasts ${translateTimestampSince(deleted, nowMs)})`}`,
    `Volume:\t${spec?.volumeName ?? ''}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`,
    `Capacity:\t${bound ? (status?.capacity?.['storage'] ?? '') : ''}`,
    `Access Modes:\t${bound ? modes.join(',') : ''}`,
    `VolumeMode:\t${spec?.volumeMode ?? ''}`,
    ...(spec?.dataSource === undefined ? [] : ['DataSource:', `  Kind:\t${spec.dataSource.kind}`, `  Name:\t${spec.dataSource.name}`]),
    ...below('Used By', await users(rest, metadata.namespace ?? '', metadata.name ?? '')),
    ...(conditions.length === 0
      ? []
      : [
          'Conditions:',
          '  Type\tStatus\tMessage',
          ...conditions.map(({ type, status: is, message = '' }) => `  ${type}\t${is}\t${message}`),
        ]),
  ]);
}

async function users(rest: Rest, namespace: string, claim: string): Promise<readonly string[]> {
  const answer = await send(rest, { method: 'GET', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods` });
  const pods = answer.ok ? ((answer.value['items'] ?? []) as readonly Pod[]) : [];
  return pods
    .filter(({ metadata: { name = '' }, spec }) =>
      (spec?.volumes ?? []).some(
        ({ name: volume, persistentVolumeClaim, ephemeral }) =>
          persistentVolumeClaim?.claimName === claim || (ephemeral !== undefined && `${name}-${volume}` === claim),
      ),
    )
    .map(({ metadata }) => metadata.name ?? '');
}
