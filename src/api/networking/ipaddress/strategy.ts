/**
 * IPAddresses: that a cluster IP is taken, and by which Service.
 * Invariant: the name is the address; its parent never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/networking/ipaddress.
 */
import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { strictIPProblems } from '../../../apimachinery/net/validation.ts';
import { isDNS1123Subdomain, isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/objectMeta.ts';
import { jsonEqual } from '../../../base/json.ts';
import { NAME, text } from '../../columns.ts';
import { IPADDRESSES } from '../../schema/resources.ts';
import type { IPAddress, ParentReference } from '../../schema/types/networking/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateSegment } from '../typedReference.ts';

export const IPADDRESS_STRATEGY: Strategy<IPAddress> = {
  resource: IPADDRESSES,
  singular: 'ipaddress',
  shortNames: ['ip'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: (name) => strictIPProblems(name),
  validate: (address) => validateParent(parentOf(address)),
  validateUpdate(address, old) {
    const [parent, before] = [printed(parentOf(address)), printed(parentOf(old))];
    return [...validateParent(parentOf(address)), ...(jsonEqual(parent, before) ? [] : [invalid(PARENT, parent, FIELD_IMMUTABLE)])];
  },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('ParentRef')],
    cells: (address) => [address.metadata.name ?? '', parentText(parentOf(address))],
  },
};

const PARENT = Path.of('spec', 'parentRef');

type Parent = Partial<ParentReference> | undefined;

function parentOf({ spec }: IPAddress): Parent {
  return (spec as Partial<NonNullable<IPAddress['spec']>> | undefined)?.parentRef;
}

function validateParent(parent: Parent): ErrorList {
  if (parent === undefined) return [required(PARENT, '')];
  const { group = '', resource, name, namespace = '' } = parent;
  const errors: FieldError[] = [];
  if (group !== '') for (const problem of isDNS1123Subdomain(group)) errors.push(invalid(PARENT.child('group'), group, problem));
  errors.push(...validateSegment(resource, PARENT.child('resource')), ...validateSegment(name, PARENT.child('name')));
  if (namespace !== '')
    for (const problem of isPathSegmentName(namespace)) errors.push(invalid(PARENT.child('namespace'), namespace, problem));
  return errors;
}

function printed(parent: Parent): { readonly [field: string]: string } | null {
  if (parent === undefined) return null;
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  return { Group: group, Resource: resource, Namespace: namespace, Name: name };
}

function parentText(parent: Parent): string {
  if (parent === undefined) return '<none>';
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  const kind = (group === '' ? resource : `${resource}.${group}`).toLowerCase();
  return [kind, ...(namespace === '' ? [] : [namespace]), name].join('/');
}
