/**
 * ControllerRevisions: what a StatefulSet or a DaemonSet looked like before.
 * Invariant: the data never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/apps/controllerrevision.
 */
import { required, type ErrorList } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateImmutable, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { CONTROLLERREVISIONS } from '../../schema/resources.ts';
import type { ControllerRevision } from '../../schema/types/apps/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const CONTROLLERREVISION_STRATEGY: Strategy<ControllerRevision> = {
  resource: CONTROLLERREVISIONS,
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  validate: (revision) => [...validateData(revision.data), ...validateNonnegative(revision.revision, Path.of('revision'))],
  validateUpdate: (revision, old) => [
    ...validateNonnegative(revision.revision, Path.of('revision')),
    ...validateImmutable(revision.data ?? null, old.data ?? null, DATA),
  ],
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Controller'), text('Revision'), AGE],
    cells: (revision, nowMs) => [revision.metadata.name ?? '', controllerOf(revision), String(revision.revision), age(revision, nowMs)],
  },
};

function validateData(data: unknown): ErrorList {
  if (data === undefined || data === null) return [required(DATA, 'data is mandatory')];
  return typeof data === 'object' && !Array.isArray(data) ? [] : [required(DATA, 'data must be a valid JSON object')];
}

/** `statefulset.apps/web` */
function controllerOf(revision: ControllerRevision): string {
  const owner = revision.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

const DATA = Path.of('data');
