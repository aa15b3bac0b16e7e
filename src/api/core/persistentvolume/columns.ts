import { formatQuantity, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { age, AGE, NAME, text, wide } from '../../columns.ts';
import type { PersistentVolume } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';
import { formatAccessModes } from '../accessModes.ts';
import { storageClassOf } from '../storageClassOf.ts';

export const PERSISTENTVOLUME_TABLE: Table<PersistentVolume> = {
  columns: [
    NAME,
    text('Capacity'),
    text('Access Modes'),
    text('Reclaim Policy'),
    text('Status'),
    text('Claim'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    text('Reason'),
    AGE,
    wide('VolumeMode'),
  ],
  cells(volume, nowMs) {
    const { spec = {}, status = {}, metadata } = volume;
    const claim = spec.claimRef;
    return [
      metadata.name ?? '',
      formatQuantity(quantity(spec.capacity?.['storage'])),
      formatAccessModes(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating',
      claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`,
      storageClassOf(volume),
      spec.volumeAttributesClassName ?? '<unset>',
      status.reason ?? '',
      age(volume, nowMs),
      spec.volumeMode ?? '<unset>',
    ];
  },
};
