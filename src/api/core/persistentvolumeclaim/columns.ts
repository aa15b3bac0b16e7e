import { formatQuantity, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { age, AGE, NAME, text, wide } from '../../columns.ts';
import type { PersistentVolumeClaim } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';
import { formatAccessModes } from '../accessModes.ts';
import { storageClassOf } from '../storageClassOf.ts';

export const PERSISTENTVOLUMECLAIM_TABLE: Table<PersistentVolumeClaim> = {
  columns: [
    NAME,
    text('Status'),
    text('Volume'),
    text('Capacity'),
    text('Access Modes'),
    text('StorageClass'),
    text('VolumeAttributesClass'),
    AGE,
    wide('VolumeMode'),
  ],
  cells(claim, nowMs) {
    const { spec = {}, status = {}, metadata } = claim;
    // What it asked for is not what it has: capacity and modes are shown once there is a volume.
    const bound = (spec.volumeName ?? '') !== '';
    return [
      metadata.name ?? '',
      metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating',
      spec.volumeName ?? '',
      bound ? formatQuantity(quantity(status.capacity?.['storage'])) : '',
      bound ? formatAccessModes(status.accessModes) : '',
      storageClassOf(claim),
      spec.volumeAttributesClassName ?? '<unset>',
      age(claim, nowMs),
      spec.volumeMode ?? '<unset>',
    ];
  },
};
