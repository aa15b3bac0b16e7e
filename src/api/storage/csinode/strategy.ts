/**
 * CSINodes: which CSI drivers a node has.
 * Invariant: a driver's entry never changes but for how many volumes it can take.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/csinode.
 */
import { jsonEqual } from '../../../base/json.ts';
import { duplicate, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { carryEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, validateNonnegative } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { age, AGE, integer, NAME } from '../../columns.ts';
import { internalValue } from '../../core/pod/internal.ts';
import { validateCSIDriverName } from '../../core/pod/volumesNetwork.ts';
import { CSINODES } from '../../schema/resources.ts';
import type { CSINode, CSINodeDriver } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const CSINODE_STRATEGY: Strategy<CSINode> = {
  resource: CSINODES,
  singular: 'csinode',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: validateCSINode,
  validateUpdate: (node, old) => [...validateCSINode(node), ...validateDriversKept(driversOf(node), driversOf(old))],
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, integer('Drivers'), AGE],
    cells: (node, nowMs) => [node.metadata.name ?? '', driversOf(node).length, age(node, nowMs)],
  },
};

function driversOf(node: CSINode): readonly CSINodeDriver[] {
  return (node as Partial<CSINode>).spec?.drivers ?? [];
}

function validateCSINode(node: CSINode): ErrorList {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, driver] of driversOf(node).entries()) {
    const path = DRIVERS.index(index);
    const { name = '', nodeID = '' } = driver as Partial<CSINodeDriver>;
    validateCSIDriverName(errors, name, path, 'name');
    if (nodeID === '') errors.push(required(path.child('nodeID'), ''));
    else if (byteLength(nodeID) > MAX_NODE_ID)
      errors.push(invalid(path.child('nodeID'), nodeID, `must be ${MAX_NODE_ID} characters or less`));
    errors.push(...validateNonnegative(driver.allocatable?.count ?? 0, path.child('allocatable', 'count')));
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
    validateTopologyKeys(errors, driver.topologyKeys ?? [], path);
  }
  return errors;
}

/** The server reports them at the driver. */
function validateTopologyKeys(errors: FieldError[], keys: readonly string[], path: Path): void {
  for (const [index, key] of keys.entries()) {
    if (key === '') errors.push(required(path, ''));
    if (keys.indexOf(key) < index) errors.push(duplicate(path, key));
    for (const text of isQualifiedName(key)) errors.push(invalid(path, key, text));
  }
}

function validateDriversKept(drivers: readonly CSINodeDriver[], before: readonly CSINodeDriver[]): ErrorList {
  const errors: FieldError[] = [];
  for (const oldDriver of before.map(withoutCount)) {
    for (const driver of drivers.map(withoutCount)) {
      if (driver.name === oldDriver.name && !jsonEqual(driver, oldDriver))
        errors.push(invalid(DRIVERS, internalValue('CSINodeDriver', driver), FIELD_IMMUTABLE));
    }
  }
  return errors;
}

/** A node may find out later how many volumes it takes. */
function withoutCount(driver: CSINodeDriver): CSINodeDriver {
  const { allocatable: _allocatable, ...rest } = driver;
  return carryEmpty(driver, rest);
}

const DRIVERS = Path.of('spec', 'drivers');
const MAX_NODE_ID = 256;
