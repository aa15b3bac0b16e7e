import type { Draft } from '../../../base/json.ts';
import type { CustomResourceDefinition } from '../../schema/types/apiextensions/v1.ts';

export function applyDefinitionDefaults({ spec }: Draft<CustomResourceDefinition>): void {
  const { names } = spec;
  if ((names.singular ?? '') === '') names.singular = (names.kind ?? '').toLowerCase();
  if (names.singular === '') delete names.singular;
  if ((names.listKind ?? '') === '' && (names.kind ?? '') !== '') names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service !== undefined) service.port ??= 443;
}

/** What was ever a storage version stays noted: there may be objects in it. */
export function noteStoredVersion(definition: Draft<CustomResourceDefinition>): void {
  const { spec, status } = definition;
  const storage = spec.versions?.find((version) => version.storage)?.name;
  if (status === undefined || storage === undefined) return;
  const { storedVersions = [] } = status;
  // The status can be that of the stored object, so it is not changed in place.
  definition.status = { ...status, storedVersions: storedVersions.includes(storage) ? storedVersions : [...storedVersions, storage] };
}
