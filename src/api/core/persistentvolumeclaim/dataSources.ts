/**
 * What a claim's volume is made of, said twice: `dataSource` is the older field, `dataSourceRef` the newer one, and each
 * is filled in from the other.
 * Counterpart: k8s.io/kubernetes/pkg/api/persistentvolumeclaim.
 */
import type { Draft } from '../../../base/json.ts';
import type { PersistentVolumeClaimSpec, TypedLocalObjectReference } from '../../schema/types/core/v1.ts';

/** @param old the stored claim's spec; undefined on create */
export function prepareDataSources(spec: Draft<PersistentVolumeClaimSpec>, old: PersistentVolumeClaimSpec | undefined): void {
  // Sources in other namespaces are a feature that is off by default.
  if ((spec.dataSourceRef?.namespace ?? '') !== '' && old?.dataSourceRef === undefined) delete spec.dataSourceRef;
  const inUse = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  // The older field has always ignored what it did not know.
  if (!inUse && spec.dataSourceRef === undefined && !isKnownSource(spec.dataSource)) delete spec.dataSource;
  fillDataSources(spec);
}

/** Makes the two fields say the same as long as only one is set. */
export function fillDataSources(spec: Draft<PersistentVolumeClaimSpec>): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined) spec.dataSourceRef = { ...dataSource };
  else if (dataSource === undefined && dataSourceRef !== undefined && (dataSourceRef.namespace ?? '') === '') {
    const { namespace: _namespace, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}

/** An API group that is no name was accepted once; where one is stored it is not looked at again. */
export function hasAPIGroup(spec: PersistentVolumeClaimSpec | undefined): boolean {
  return [spec?.dataSource, spec?.dataSourceRef].some((source) => source?.apiGroup !== undefined);
}

function isKnownSource(source: TypedLocalObjectReference | undefined): boolean {
  const group = source?.apiGroup ?? '';
  if (group === '') return source?.kind === 'PersistentVolumeClaim';
  return group === 'snapshot.storage.k8s.io' && source?.kind === 'VolumeSnapshot';
}
